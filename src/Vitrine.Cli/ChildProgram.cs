using System.ComponentModel;
using System.Diagnostics;
using Vitrine.Decoding;

namespace Vitrine.Cli;

/// <summary>Runs this program again for what needs libvips, which this process never loads.</summary>
internal static class ChildProgram
{
    /// <param name="arguments">What follows <c>vitrine decoder</c>.</param>
    /// <returns>What it printed, and the exit code.</returns>
    /// <exception cref="TimeoutException">It took longer than allowed and was ended.</exception>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        IReadOnlyList<string> arguments, TimeSpan patience, CancellationToken cancellationToken)
    {
        var command = DecoderCommand.ForThisProgram();
        var start = new ProcessStartInfo(command.FileName, [.. command.Arguments, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
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
}
