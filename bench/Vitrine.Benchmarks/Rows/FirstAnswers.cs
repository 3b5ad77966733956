using System.Diagnostics;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>From the POST of a folder to its answer and to the first page with pictures on it, each time by a server that has just started.</summary>
internal static class FirstAnswers
{
    private const int AnswerBudget = 100, PageBudget = 150;
    private const double PageAgainstBefore = 0.85;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        int[] sizes = [BenchRun.Few, run.Many, run.Most];
        var folders = sizes.Select(size => LinkedFiles.Ensure(run, size)).ToArray();
        var times = sizes.Select(_ => new Times()).ToArray();
        foreach (var (build, isBefore) in run.Builds)
            await MeasureOneAsync(run, build, isBefore, folders[0], new Times()); // this client's own code is compiled by now, and the build is in memory
        for (var i = 0; i < run.Runs; i++)
        {
            for (var size = 0; size < sizes.Length; size++)
            {
                foreach (var (build, isBefore) in run.Builds)
                    await MeasureOneAsync(run, build, isBefore, folders[size], times[size]);
            }
        }

        return
        [
            .. sizes.Select((size, i) => Row($"`POST /api/libraries` answers, {size:N0} files", times[i].Answer.Now, AnswerBudget, "")),
            .. sizes.SelectMany(
                (size, i) => (Figure[])
                [
                    Row($"first page of assets after the POST, {size:N0} files", times[i].Page.Now, PageBudget, $"; the server's threads worked {Figure.Time(times[i].Processor.Now.Median)} until then"),
                    .. times[i].Page.Row($"the same, {size:N0} files", PageAgainstBefore, $"; CPU until then {times[i].Processor}; the POST's answer {times[i].Answer}"),
                ]),
        ];
    }

    private static Figure Row(string what, Samples times, int budget, string more) =>
        new(what, $"≤ {budget} ms", Figure.Time(times.Median), $"worst {Figure.Time(times.Max)}{more}", times.Median <= budget);

    private static async Task MeasureOneAsync(BenchRun run, string build, bool isBefore, string folder, Times times)
    {
        using var data = run.Scratch();
        await using var server = await ServerProcess.StartProgramAsync(build, data.FullPath);
        var before = server.Processor;
        var clock = Stopwatch.StartNew();
        var library = await server.AddAsync(folder);
        var answer = clock.Elapsed.TotalMilliseconds;
        while (await server.CountFirstPageAsync(library) == 0)
        {
            // without pause, as no person could
        }

        times.Page.Add(isBefore, clock.Elapsed.TotalMilliseconds);
        times.Answer.Add(isBefore, answer);
        times.Processor.Add(isBefore, (server.Processor - before).TotalMilliseconds);
    }

    /// <summary>Of one folder, from the POST on.</summary>
    private sealed class Times
    {
        public AgainstBefore Answer { get; } = new();

        public AgainstBefore Page { get; } = new();

        /// <summary>Of the server's threads, until the page was there.</summary>
        public AgainstBefore Processor { get; } = new();
    }
}
