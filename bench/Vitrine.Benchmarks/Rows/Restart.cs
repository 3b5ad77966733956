using System.Diagnostics;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>From the start of the process to the first page of a library that is already there. The server before it was killed.</summary>
internal static class Restart
{
    private const int Budget = 1000;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        var (data, library) = await PreparedLibrary.CopyAsync(run, run.Many);
        using var _ = data;
        Samples listening = new(), page = new();
        for (var i = 0; i <= run.Runs * 2; i++)
        {
            var clock = Stopwatch.StartNew();
            await using var server = ServerProcess.Launch(data.FullPath);
            await server.WaitUntilAsync("/api/health");
            var heard = clock.Elapsed.TotalMilliseconds;
            await server.WaitUntilAsync($"/api/libraries/{library}/assets?limit=200");
            if (i == 0)
                continue; // compiles this client
            listening.Add(heard);
            page.Add(clock.Elapsed.TotalMilliseconds);
        }

        return
        [
            new Figure(
                $"restart on {run.Many:N0} assets to first page", "≤ 1 s", Figure.Time(page.Median),
                $"listening after {Figure.Time(listening.Median)}; worst {Figure.Time(page.Max)}", page.Median <= Budget),
        ];
    }
}
