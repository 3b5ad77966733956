using System.Diagnostics;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>From the start of the process to the first page of a library that is already there. The server before it was killed.</summary>
internal static class Restart
{
    private const int Budget = 1000;
    private const double ListeningAgainstBefore = 0.70;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        var (data, library) = await PreparedLibrary.CopyAsync(run, run.Many);
        using var _ = data;
        // A copy for each build: what one writes at its start is not the other's to read.
        using var olderData = run.Before is null ? null : (await PreparedLibrary.CopyAsync(run, run.Many)).Data;
        AgainstBefore listening = new(), page = new(), processor = new();
        for (var i = 0; i <= run.Runs * 2; i++)
        {
            foreach (var (build, isBefore) in run.Builds)
            {
                var clock = Stopwatch.StartNew();
                await using var server = ServerProcess.LaunchProgram(build, (isBefore ? olderData! : data).FullPath);
                await server.WaitUntilAsync("/api/health");
                var (heard, worked) = (clock.Elapsed.TotalMilliseconds, server.Processor.TotalMilliseconds);
                await server.WaitUntilAsync($"/api/libraries/{library}/assets?limit=200");
                if (i == 0)
                    continue; // compiles this client, and is the build's first start
                listening.Add(isBefore, heard);
                page.Add(isBefore, clock.Elapsed.TotalMilliseconds);
                processor.Add(isBefore, worked);
            }
        }

        return
        [
            new Figure(
                $"restart on {run.Many:N0} assets to first page", "≤ 1 s", Figure.Time(page.Now.Median),
                $"listening after {Figure.Time(listening.Now.Median)}; worst {Figure.Time(page.Now.Max)}", page.Now.Median <= Budget),
            .. listening.Row($"restart on {run.Many:N0} assets until it listens", ListeningAgainstBefore, $"; CPU until then {processor}; to the first page {page}"),
        ];
    }
}
