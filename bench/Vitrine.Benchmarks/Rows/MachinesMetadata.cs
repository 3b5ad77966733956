using System.Diagnostics;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>Phase 2 over PostgreSQL against the embedded database, and what a second worker process adds. The same photographs each time, the ways in turns.</summary>
internal static class MachinesMetadata
{
    private const double Budget = 0.9;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        var count = 2 * run.Photos;
        var folder = VariedPhotos.Ensure(run, count);
        var cores = Environment.ProcessorCount;
        await using var server = await DurablePostgres.StartAsync(run);
        Samples embedded = new(), shared = new(), one = new(), two = new(), database = new();
        for (var i = 0; i < run.Runs; i++)
        {
            embedded.Add(await EmbeddedAsync(run, folder, count));
            var before = server.Processor;
            shared.Add(await SharedAsync(run, server, folder, count, [cores]));
            database.Add((server.Processor - before).TotalMilliseconds / count);
            one.Add(await SharedAsync(run, server, folder, count, [1]));
            two.Add(await SharedAsync(run, server, folder, count, [1, 1]));
            BenchRun.Say($"embedded {embedded.Last:0.0}, one worker {shared.Last:0.0}, with one decoder {one.Last:0.0}, two such workers {two.Last:0.0} images/s");
        }

        var ratio = shared.Median / embedded.Median;
        return
        [
            new Figure(
                $"phase 2 over PostgreSQL with one worker and {cores} decoders, {count:N0} photographs, through a server that only serves", $"≥ {Budget:0.0} × the embedded database",
                $"{shared.Median:0.0} images/s, ratio {ratio:0.00}",
                $"one process with the embedded database {embedded.Median:0.0} images/s; PostgreSQL's CPU {database.Median:0.0} ms per image; {DurablePostgres.Setting}", ratio >= Budget),
            Figure.Told(
                "phase 2 with two workers of one decoder each, on 2 cores with PostgreSQL and the server", $"{two.Median:0.0} images/s, {two.Median / one.Median:0.00} × one such worker",
                $"efficiency {two.Median / one.Median / 2:0.00}; one such worker {one.Median:0.0} images/s; {two.Median / shared.Median:0.00} × one worker with {cores} decoders"),
        ];
    }

    private static async Task<double> EmbeddedAsync(BenchRun run, string folder, int count)
    {
        using var data = run.Scratch();
        await using var server = await ServerProcess.StartAsync(data.FullPath);
        return await TimeAsync(server, folder, count);
    }

    /// <param name="decoders">Of each worker.</param>
    private static async Task<double> SharedAsync(BenchRun run, DurablePostgres postgres, string folder, int count, int[] decoders)
    {
        const string Name = "metadata";
        var database = await postgres.CreateAsync(Name);
        using Scratch data = run.Scratch(), derived = run.Scratch();
        double rate;
        await using (var server = await ServerProcess.StartAsync(data.FullPath, database, "--no-work", "--derived", derived.FullPath))
        {
            var workers = new List<WorkerProcess>();
            try
            {
                foreach (var processes in decoders)
                    workers.Add(await WorkerProcess.StartAsync(run, database, processes, "--derived", derived.FullPath));
                await postgres.BeginProfileAsync(Name);
                rate = await TimeAsync(server, folder, count);
                await postgres.TellProfileAsync(Name, $"{decoders.Length} workers", count);
            }
            finally
            {
                foreach (var worker in workers)
                    await worker.DisposeAsync();
            }
        }

        await postgres.DropAsync(Name);
        return rate;
    }

    /// <summary>From the request until nothing is pending; decoders start cold.</summary>
    private static async Task<double> TimeAsync(ServerProcess server, string folder, int count)
    {
        var clock = Stopwatch.StartNew();
        var library = await server.AddAsync(folder);
        var progress = await server.ProgressWhenAsync(library, progress => progress is { Scanning: false, Pending: 0 });
        var time = clock.Elapsed.TotalSeconds;
        return progress is { Failed: 0 } && progress.Total == count ? count / time : throw new InvalidOperationException($"{progress.Failed} of {progress.Total} photographs failed.");
    }
}
