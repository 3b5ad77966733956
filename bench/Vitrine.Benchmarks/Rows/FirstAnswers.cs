using System.Diagnostics;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>From the POST of a folder to its answer and to the first page with pictures on it, each time by a server that has just started.</summary>
internal static class FirstAnswers
{
    private const int AnswerBudget = 100, PageBudget = 150;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        int[] sizes = [BenchRun.Few, run.Many, run.Most];
        var folders = sizes.Select(size => LinkedFiles.Ensure(run, size)).ToArray();
        var answers = sizes.Select(_ => new Samples()).ToArray();
        var pages = sizes.Select(_ => new Samples()).ToArray();
        var processor = sizes.Select(_ => new Samples()).ToArray();
        await MeasureOneAsync(run, folders[0]); // this client's own code is compiled by now
        for (var i = 0; i < run.Runs; i++)
        {
            for (var size = 0; size < sizes.Length; size++)
            {
                var (answer, page, used) = await MeasureOneAsync(run, folders[size]);
                answers[size].Add(answer);
                pages[size].Add(page);
                processor[size].Add(used);
            }
        }

        return
        [
            .. sizes.Select((size, i) => Row($"`POST /api/libraries` answers, {size:N0} files", answers[i], AnswerBudget, "")),
            .. sizes.Select((size, i) => Row($"first page of assets after the POST, {size:N0} files", pages[i], PageBudget, $"; the server's threads worked {Figure.Time(processor[i].Median)} until then")),
        ];
    }

    private static Figure Row(string what, Samples times, int budget, string more) =>
        new(what, $"≤ {budget} ms", Figure.Time(times.Median), $"worst {Figure.Time(times.Max)}{more}", times.Median <= budget);

    private static async Task<(double Answer, double Page, double Processor)> MeasureOneAsync(BenchRun run, string folder)
    {
        using var data = run.Scratch();
        await using var server = await ServerProcess.StartAsync(data.FullPath);
        var before = server.Processor;
        var clock = Stopwatch.StartNew();
        var library = await server.AddAsync(folder);
        var answer = clock.Elapsed.TotalMilliseconds;
        while (await server.CountFirstPageAsync(library) == 0)
        {
            // without pause, as no person could
        }

        var page = clock.Elapsed.TotalMilliseconds;
        return (answer, page, (server.Processor - before).TotalMilliseconds);
    }
}
