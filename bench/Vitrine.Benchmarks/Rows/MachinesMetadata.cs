using System.Diagnostics;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>Phase 2 over PostgreSQL against the embedded database, and what a second worker process adds. The same photographs each time, the ways in turns.</summary>
internal static class MachinesMetadata
{
    private const double Budget = 0.9;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        var cores = Environment.ProcessorCount;
        var small = VariedPhotos.Ensure(run, 2 * run.Photos);
        var large = LinkedFiles.Repeat(run, run.Pictures is null ? "large-generated" : "large-given", PhotoSet.Make(run.Pictures, PhotoSet.Folder(run))[2].Paths, run.Quick ? 1 : 8);
        await using var server = await DurablePostgres.StartAsync(run);
        Way embedded = new(), shared = new(), one = new(), two = new(), oneLarge = new(), twoLarge = new();
        for (var i = 0; i < run.Runs; i++)
        {
            await EmbeddedAsync(run, embedded, small);
            await SharedAsync(run, shared, server, small, [cores]);
            await SharedAsync(run, one, server, small, [1]);
            await SharedAsync(run, two, server, small, [1, 1]);
            await SharedAsync(run, oneLarge, server, large, [1]);
            await SharedAsync(run, twoLarge, server, large, [1, 1]);
        }

        var ratio = shared.Rate.Median / embedded.Rate.Median;
        return
        [
            new Figure(
                $"phase 2 over PostgreSQL with one worker and {cores} decoders, {shared.Name}, through a server that only serves", $"≥ {Budget:0.0} × the embedded database",
                $"{shared.Rate.Median:0.0} images/s, ratio {ratio:0.00}",
                $"one process with the embedded database {embedded.Rate.Median:0.0} images/s; CPU per image: {shared.Costs}; embedded {embedded.Costs}; {DurablePostgres.Setting}",
                ratio >= Budget),
            Scaling(one, two, cores),
            Scaling(oneLarge, twoLarge, cores),
        ];
    }

    private static Figure Scaling(Way one, Way two, int cores) => Figure.Told(
        $"phase 2 with two workers of one decoder each, {two.Name}, on {cores} cores with PostgreSQL and the server",
        $"{two.Rate.Median:0.0} images/s, {two.Rate.Median / one.Rate.Median:0.00} × one such worker",
        $"efficiency {two.Rate.Median / one.Rate.Median / 2:0.00}, and {two.Rate.Median * two.Milliseconds / 1000 / cores:0.00} of the {1000 * cores / two.Milliseconds:0.0} images/s that the cores allow; "
        + $"one such worker {one.Rate.Median:0.0} images/s; CPU per image {two.Costs}, with one such worker {one.Costs}");

    private static async Task EmbeddedAsync(BenchRun run, Way way, string folder)
    {
        using var data = run.Scratch();
        await using var server = await ServerProcess.StartAsync(data.FullPath);
        var (own, all) = (server.Processor, server.ProcessorOfAll);
        await TimeAsync(server, way, folder);
        (own, all) = (server.Processor - own, server.ProcessorOfAll - all);
        way.Add(decoders: all - own, processes: own, TimeSpan.Zero);
    }

    /// <param name="decoders">Of each worker.</param>
    private static async Task SharedAsync(BenchRun run, Way way, DurablePostgres postgres, string folder, int[] decoders)
    {
        const string Name = "metadata";
        var database = await postgres.CreateAsync(Name);
        using Scratch data = run.Scratch(), derived = run.Scratch();
        await using (var server = await ServerProcess.StartAsync(data.FullPath, database, "--no-work", "--derived", derived.FullPath))
        {
            var workers = new List<WorkerProcess>();
            try
            {
                foreach (var processes in decoders)
                    workers.Add(await WorkerProcess.StartAsync(run, database, processes, "--derived", derived.FullPath));
                await postgres.BeginProfileAsync(Name);
                var (own, all, stored) = (Own(), All(), postgres.Processor);
                await TimeAsync(server, way, folder);
                (own, all, stored) = (Own() - own, All() - all, postgres.Processor - stored);
                way.Add(decoders: all - own, processes: own, stored);
                await postgres.TellProfileAsync(Name, $"{decoders.Length} workers", way.Count);

                TimeSpan Own() => workers.Aggregate(server.Processor, (sum, worker) => sum + worker.Processor);

                TimeSpan All() => workers.Aggregate(server.ProcessorOfAll, (sum, worker) => sum + worker.ProcessorOfAll);
            }
            finally
            {
                foreach (var worker in workers)
                    await worker.DisposeAsync();
            }
        }

        await postgres.DropAsync(Name);
    }

    /// <summary>From the request until nothing is pending; decoders start cold.</summary>
    private static async Task TimeAsync(ServerProcess server, Way way, string folder)
    {
        var paths = PhotoSet.Find(folder);
        way.Count = paths.Length;
        way.Name = $"{paths.Length:N0} photographs of {paths.Average(path => new FileInfo(path).Length) / 1e6:0.0} MB";
        var clock = Stopwatch.StartNew();
        var library = await server.AddAsync(folder);
        var progress = await server.ProgressWhenAsync(library, progress => progress is { Scanning: false, Pending: 0 });
        way.Rate.Add(paths.Length / clock.Elapsed.TotalSeconds);
        BenchRun.Say($"{way.Name}: {way.Rate.Last:0.0} images/s");
        if (progress.Failed > 0 || progress.Total != paths.Length)
            throw new InvalidOperationException($"{progress.Failed} of {progress.Total} photographs failed.");
    }

    /// <summary>One way to work on them: how fast, and what it costs.</summary>
    private sealed class Way
    {
        private readonly Samples _decoders = new(), _processes = new(), _database = new();

        public Samples Rate { get; } = new();

        public int Count { get; set; }

        /// <summary>Of the photographs.</summary>
        public string Name { get; set; } = "";

        /// <summary>Of all processes, per photograph.</summary>
        public double Milliseconds => _decoders.Median + _processes.Median + _database.Median;

        public string Costs => $"decoders {_decoders.Median:0.0} ms, the other processes {_processes.Median:0.0} ms{(_database.Max > 0 ? $", PostgreSQL {_database.Median:0.0} ms" : "")}";

        public void Add(TimeSpan decoders, TimeSpan processes, TimeSpan database)
        {
            _decoders.Add(decoders.TotalMilliseconds / Count);
            _processes.Add(processes.TotalMilliseconds / Count);
            _database.Add(database.TotalMilliseconds / Count);
        }
    }
}
