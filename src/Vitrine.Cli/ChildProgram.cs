using System.ComponentModel;
using System.Diagnostics;
using Vitrine.Decoding;
using Vitrine.Images.Vips;
using Vitrine.Storage;

namespace Vitrine.Cli;

/// <summary>Runs this program again for what needs libvips, which this process never loads.</summary>
internal static class ChildProgram
{
    /// <summary>The work of such a child. What the disk or libvips refuses is a line on standard error.</summary>
    /// <returns>The exit code.</returns>
    public static int Work(Action work)
    {
        try
        {
            work();
            return ExitCode.Done;
        }
        catch (Exception exception) when (Cause(exception) is DllNotFoundException or VipsException || DiskTrouble.Is(Cause(exception)))
        {
            Console.Error.WriteLine(DiskTrouble.Describe(Cause(exception)));
            return ExitCode.CouldNotRun;
        }
    }

    /// <param name="arguments">What follows <c>vitrine decoder</c>.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="library">The variable that names the library that it is to decode with, and its value; null for its own choice.</param>
    /// <returns>What it printed, and the exit code.</returns>
    /// <exception cref="TimeoutException">It took longer than allowed and was ended.</exception>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        IReadOnlyList<string> arguments, TimeSpan patience, CancellationToken cancellationToken, (string Variable, string Name)? library = null)
    {
        var command = DecoderCommand.ForThisProgram();
        var start = new ProcessStartInfo(command.FileName, [.. command.Arguments, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (library is var (variable, name))
            start.Environment[variable] = name;
        using var child = Process.Start(start) ?? throw new Win32Exception($"{command.FileName} did not start.");
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        given.CancelAfter(patience);
        try
        {
            var errors = child.StandardError.ReadToEndAsync(given.Token);
            var output = await child.StandardOutput.ReadToEndAsync(given.Token);
            await child.WaitForExitAsync(given.Token);
            return (child.ExitCode, output.Trim(), (await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            child.Kill();
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"It was not done within {patience.TotalSeconds:0} s.");
        }
    }

    /// <summary>Where many things are made at once, each one's exception is in another.</summary>
    private static Exception Cause(Exception exception) => exception is AggregateException { InnerException: { } first } ? first : exception;
}
