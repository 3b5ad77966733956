using System.Diagnostics;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>
/// The screen in a real browser, measured by <c>bench/screen</c>: the last line that it prints is the figure; it exits with 0 when the budget is
/// met and with 1 when it is not.
/// </summary>
internal static class ScreenAnswers
{
    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        var (measured, met) = await RunAsync();
        return
        [
            new Figure(
                "click to answer in Chromium during a full-speed import (the button, and scrolling)", "p95 ≤ 100 ms; no long task over 50 ms caused by an update",
                measured, "", met),
        ];
    }

    private static async Task<(string Measured, bool? Met)> RunAsync()
    {
        var script = Path.Join(Environment.CurrentDirectory, "bench", "screen");
        if (!File.Exists(script))
            return ("not measured: there is no bench/screen", null);
        using var process = Process.Start(new ProcessStartInfo(script) { RedirectStandardOutput = true })!;
        var lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        await process.WaitForExitAsync();
        return process.ExitCode is 0 or 1 && lines.Length > 0
            ? (lines[^1], process.ExitCode == 0)
            : ($"not measured: bench/screen exited with {process.ExitCode}", null);
    }
}
