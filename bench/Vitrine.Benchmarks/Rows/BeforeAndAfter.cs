using System.Diagnostics;
using System.Globalization;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>The blocking way (<see cref="BlockingImport"/>) against Vitrine, on the same pictures, taking turns.</summary>
internal static class BeforeAndAfter
{
    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run) =>
        [.. await MeasureSizeAsync(run, run.Photos), .. await MeasureSizeAsync(run, run.MorePhotos)];

    private static async Task<IReadOnlyList<Figure>> MeasureSizeAsync(BenchRun run, int count)
    {
        var folder = VariedPhotos.Ensure(run, count);
        foreach (var path in PhotoSet.Find(folder))
            await File.ReadAllBytesAsync(path); // in memory from here on, for all alike
        Samples plain = new(), parallel = new(), page = new(), complete = new();
        for (var i = 0; i < run.Runs; i++)
        {
            BenchRun.Say($"Before and after with {count:N0} pictures, {i + 1} of {run.Runs}…");
            plain.Add(await BlockingAsync(run, folder, loops: 1));
            var (first, all) = await VitrineAsync(run, folder, count);
            page.Add(first);
            complete.Add(all);
            parallel.Add(await BlockingAsync(run, folder, loops: Environment.ProcessorCount));
        }

        var (blocking, own) = (Figure.Time(plain.Median), Figure.Time(page.Median));
        return
        [
            new Figure(
                $"before and after, {count:N0} pictures: first page", "≥ 100 × sooner", $"{own} instead of {blocking}",
                $"{plain.Median / page.Median:N0} × sooner; than with a loop on each core ({Figure.Time(parallel.Median)}) {parallel.Median / page.Median:N0} ×", plain.Median / page.Median >= 100),
            new Figure(
                $"before and after, {count:N0} pictures: complete", "no later", $"{Figure.Time(complete.Median)} instead of {blocking}",
                $"{plain.Median / complete.Median:0.00} × as fast; against a loop on each core ({Figure.Time(parallel.Median)}) {parallel.Median / complete.Median:0.00} ×", complete.Median <= plain.Median),
        ];
    }

    private static async Task<double> BlockingAsync(BenchRun run, string folder, int loops)
    {
        using var data = run.Scratch();
        var program = typeof(BeforeAndAfter).Assembly.Location;
        var output = await Programs.OutputAsync("dotnet", [program, "blocking", folder, data.FullPath, "--loops", $"{loops}"]);
        return double.Parse(output, CultureInfo.InvariantCulture);
    }

    private static async Task<(double Page, double Complete)> VitrineAsync(BenchRun run, string folder, int count)
    {
        using var data = run.Scratch();
        await using var server = await ServerProcess.StartAsync(data.FullPath);
        var clock = Stopwatch.StartNew();
        var library = await server.AddAsync(folder);
        while (await server.CountFirstPageAsync(library) == 0)
        {
            // without pause
        }

        var page = clock.Elapsed.TotalMilliseconds;
        var progress = await server.ProgressWhenAsync(library, progress => progress.IsComplete);
        var complete = clock.Elapsed.TotalMilliseconds;
        return progress.Ready == count ? (page, complete) : throw new InvalidOperationException($"{progress.Ready} of {count} pictures are ready, {progress.Failed} failed.");
    }
}
