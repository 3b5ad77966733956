using System.Diagnostics;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>All files committed as pending, against <c>find</c> on the same folder: names alone, and with the size and time that a scan reads too.</summary>
internal static class Scans
{
    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run) =>
        [.. await MeasureSizeAsync(run, run.Many, budget: 500), .. await MeasureSizeAsync(run, run.Most, budget: 5000)];

    private static async Task<IReadOnlyList<Figure>> MeasureSizeAsync(BenchRun run, int size, int budget)
    {
        var folder = LinkedFiles.Ensure(run, size);
        Samples served = new(), alone = new(), again = new(), names = new(), facts = new();
        await FindFactsAsync(folder); // the folder is in memory from here on
        await ScanSpeed.MeasureAsync(folder); // and the scan's code is compiled
        for (var i = 0; i < run.Runs; i++)
        {
            names.Add(await Programs.TimeAsync("find", folder, "-fprint", "/dev/null"));
            served.Add(await ServedAsync(run, folder, size));
            facts.Add(await FindFactsAsync(folder));
            var (scan, rescan) = await ScanSpeed.MeasureAsync(folder);
            alone.Add(scan.Wall.TotalMilliseconds);
            again.Add(rescan.Wall.TotalMilliseconds);
        }

        return
        [
            new Figure(
                $"all committed `pending`, {size:N0} files", $"≤ {Figure.Time(budget)}", Figure.Time(served.Median),
                $"{served.Median / names.Median:0.0} × `find`, {served.Median / facts.Median:0.0} × `find -printf '%s %T@'`; worst {Figure.Time(served.Max)}", served.Median <= budget),
            Figure.Told($"the same by the engine alone, warm, {size:N0} files", Figure.Time(alone.Median), $"{alone.Median / names.Median:0.0} × `find`; a second scan {Figure.Time(again.Median)}"),
            Figure.Told($"`find` on the same folder, {size:N0} files", Figure.Time(names.Median), $"with `-printf '%s %T@'`, which reads what a scan must: {Figure.Time(facts.Median)}"),
        ];
    }

    private static Task<double> FindFactsAsync(string folder) => Programs.TimeAsync("find", folder, "-fprintf", "/dev/null", "%s %T@\n");

    private static async Task<double> ServedAsync(BenchRun run, string folder, int size)
    {
        using var data = run.Scratch();
        await using var server = await ServerProcess.StartAsync(data.FullPath);
        var clock = Stopwatch.StartNew();
        var library = await server.AddAsync(folder);
        var progress = await server.ProgressWhenAsync(library, progress => !progress.Scanning);
        var time = clock.Elapsed.TotalMilliseconds;
        return progress.Total == size ? time : throw new InvalidOperationException($"{progress.Total} of {size} files were found in {folder}.");
    }
}
