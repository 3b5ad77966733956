using System.Diagnostics;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>
/// All files committed as pending, against <c>find</c> on the same folder: names alone, and with the size and time that a scan reads too; and against
/// the least that one thread takes, which is that and a bare transaction of the same rows. In turns.
/// </summary>
internal static class Scans
{
    /// <summary>The budget of many files, in milliseconds, is for a machine on which the least takes no longer than this.</summary>
    private const int LeastOfBudget = 330;

    private const double AgainstLeast = 1.5;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run) =>
        [.. await MeasureSizeAsync(run, run.Many, budget: 500, isAgainstLeast: true), .. await MeasureSizeAsync(run, run.Most, budget: 5000, isAgainstLeast: false)];

    private static async Task<IReadOnlyList<Figure>> MeasureSizeAsync(BenchRun run, int size, int budget, bool isAgainstLeast)
    {
        var folder = LinkedFiles.Ensure(run, size);
        var bare = new BareInsert(run, folder);
        Samples served = new(), alone = new(), again = new(), names = new(), facts = new(), bound = new(), parameters = new();
        await FindFactsAsync(folder); // the folder is in memory from here on
        await ScanSpeed.MeasureAsync(folder); // and the scan's code is compiled
        foreach (var withParameters in (bool[])[false, true])
            await bare.TimeAsync(withParameters); // as is this
        for (var i = 0; i < run.Runs; i++)
        {
            names.Add(await Programs.TimeAsync("find", folder, "-fprint", "/dev/null"));
            served.Add(await ServedAsync(run, folder, size));
            facts.Add(await FindFactsAsync(folder));
            bound.Add(await bare.TimeAsync(withParameters: false));
            var (scan, rescan) = await ScanSpeed.MeasureAsync(folder);
            alone.Add(scan.Wall.TotalMilliseconds);
            again.Add(rescan.Wall.TotalMilliseconds);
            parameters.Add(await bare.TimeAsync(withParameters: true));
        }

        var least = facts.Median + bound.Median;
        var (must, met) = isAgainstLeast
            ? ($"≤ {AgainstLeast:0.0} × the least; ≤ {Figure.Time(budget)} where that is ≤ {LeastOfBudget} ms", served.Median <= AgainstLeast * least && (least > LeastOfBudget || served.Median <= budget))
            : ($"≤ {Figure.Time(budget)}", served.Median <= budget);
        return
        [
            new Figure(
                $"all committed `pending`, {size:N0} files", must, $"{Figure.Time(served.Median)}, {served.Median / least:0.00} × the least",
                $"{served.Median / names.Median:0.0} × `find`, {served.Median / facts.Median:0.0} × `find -printf '%s %T@'`; worst {Figure.Time(served.Max)}", met),
            Figure.Told($"the same by the engine alone, warm, {size:N0} files", Figure.Time(alone.Median), $"{alone.Median / names.Median:0.0} × `find`; a second scan {Figure.Time(again.Median)}"),
            Figure.Told($"`find` on the same folder, {size:N0} files", Figure.Time(names.Median), $"with `-printf '%s %T@'`, which reads what a scan must: {Figure.Time(facts.Median)}"),
            Figure.Told(
                $"the least for {size:N0} files: what a scan must read, and one bare transaction of the rows", Figure.Time(least),
                $"`find -type f -printf '%s %T@'` {Figure.Time(facts.Median)}, the transaction {Figure.Time(bound.Median)}, with ADO.NET's parameters instead of values bound by position {Figure.Time(parameters.Median)}"),
        ];
    }

    private static Task<double> FindFactsAsync(string folder) => Programs.TimeAsync("find", folder, "-type", "f", "-fprintf", "/dev/null", "%s %T@\n");

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
