using System.Diagnostics;

namespace Vitrine.Benchmarks.Setting;

/// <summary>Other programs, run to their end.</summary>
internal static class Programs
{
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static async Task<string> OutputAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}.");
    }

    /// <summary>Milliseconds from start to end.</summary>
    public static async Task<double> TimeAsync(string program, params string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        await OutputAsync(program, arguments);
        return clock.Elapsed.TotalMilliseconds;
    }
}
