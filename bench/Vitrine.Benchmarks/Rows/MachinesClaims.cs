using System.Diagnostics;
using Npgsql;
using Vitrine.Benchmarks.Setting;
using Vitrine.Embeddings;
using Vitrine.Libraries;
using Vitrine.Progress;

namespace Vitrine.Benchmarks.Rows;

/// <summary>
/// How many assets four worker processes claim and finish per second over one PostgreSQL, with nothing to do in between, beside two bare statements per batch on
/// the same rows.
/// </summary>
internal static class MachinesClaims
{
    private const int Workers = 4, Budget = 10_000;

    private static readonly int s_batch = new VisualDescriptor().PreferredBatch;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        await using var server = await DurablePostgres.StartAsync(run);
        // 3D models have no vector: the embedding stage of a worker claims them and finishes them, and that is all.
        var models = new Queue("models", AssetKind.Model, AssetStatus.Indexed, AssetStatus.Ready);
        var pictures = new Queue("pictures", AssetKind.Image, AssetStatus.Pending, AssetStatus.Indexed);
        foreach (var queue in (Queue[])[models, pictures])
            await FillAsync(run, server, queue);
        Shape batches = new("batches", models, database => WorkerProcess.StartAsync(run, database, decoders: 1, "--stages", "embedding"));
        Shape singles = new("one by one", pictures, database => WorkerProcess.StartOwnAsync(run, database, ClaimsWorker.NoFacts));
        Shape facts = new("with facts", pictures, database => WorkerProcess.StartOwnAsync(run, database, ClaimsWorker.Facts));
        Samples bare = new();
        for (var i = 0; i < run.Runs; i++)
        {
            bare.Add(await BareAsync(run, server, models));
            foreach (var shape in (Shape[])[batches, singles, facts])
                await MeasureAsync(run, server, shape);
        }

        var limit = $"two bare statements per batch of {s_batch} over {Workers} connections {bare.Median:N0} assets/s";
        return
        [
            new Figure(
                $"claim and finish, {Workers} worker processes, {run.Many:N0} assets, a stage with nothing to do in batches of {s_batch} (`vitrine worker --stages embedding` on models)",
                $"≥ {Budget:N0} assets/s", $"{batches.Rates.Median:N0} assets/s", $"{batches.Costs}; {batches.Rates.Median / bare.Median:0.00} × {limit}; {DurablePostgres.Setting}",
                batches.Rates.Median >= Budget),
            Figure.Told(
                "the same, settled one by one as phase 2 does, nothing to write", $"{singles.Rates.Median:N0} assets/s",
                $"{singles.Costs}; {singles.Rates.Median / bare.Median:0.00} × the bare statements; decoders bring a core some hundred per second"),
            Figure.Told(
                "the same, with the facts of a photograph written (hashes, header, camera, place)", $"{facts.Rates.Median:N0} assets/s",
                $"{facts.Costs}; {facts.Rates.Median / bare.Median:0.00} × the bare statements"),
        ];
    }

    /// <summary>Some for the workers to warm up on, and paused ones: the measured run begins when those go on.</summary>
    private static async Task FillAsync(BenchRun run, DurablePostgres server, Queue queue)
    {
        BenchRun.Say($"Making {run.Many:N0} waiting {queue.Name}…");
        using var data = run.Scratch();
        await using (var node = await SharedNode.StartAsync(await server.CreateAsync(queue.Name), data.FullPath))
        {
            queue.Warm = await WaitingLibrary.AddAsync(node.Services, "warm", run.Many / 10, queue.Kind, queue.From, paused: false);
            queue.Measured = await WaitingLibrary.AddAsync(node.Services, "measured", run.Many, queue.Kind, queue.From, paused: true);
        }

        await server.ExecuteAsync(queue.Name, "VACUUM ANALYZE");
        queue.Groups = [await GroupAsync(server, queue, queue.Warm), await GroupAsync(server, queue, queue.Measured)];
        NpgsqlConnection.ClearAllPools(); // a database that is copied must have no users
    }

    private static Task<long> GroupAsync(DurablePostgres server, Queue queue, long library) =>
        server.NumberAsync(queue.Name, $"SELECT id FROM task_groups WHERE library_id = {library}");

    private static async Task MeasureAsync(BenchRun run, DurablePostgres server, Shape shape)
    {
        const string Name = "copy";
        var database = await server.CreateAsync(Name, shape.Queue.Name);
        using var data = run.Scratch();
        await using var node = await SharedNode.StartAsync(database, data.FullPath); // a server that only serves hears of it all
        var workers = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => shape.StartAsync(database)));
        try
        {
            await UntilAsync(server, Name, shape.Queue, shape.Queue.Warm, run.Many / 10);
            await server.BeginProfileAsync(Name);
            var (databaseTime, workersTime, clock) = (server.Processor, Sum(workers), Stopwatch.StartNew());
            await node.Get<LibraryStore>().SetPausedAsync(shape.Queue.Measured, paused: false, CancellationToken.None);
            await UntilAsync(server, Name, shape.Queue, shape.Queue.Measured, run.Many);
            shape.Rates.Add(run.Many / clock.Elapsed.TotalSeconds);
            shape.DatabaseMicroseconds.Add((server.Processor - databaseTime).TotalMicroseconds / run.Many);
            shape.WorkerMicroseconds.Add((Sum(workers) - workersTime).TotalMicroseconds / run.Many);
            BenchRun.Say($"{shape.Name}: {run.Many / clock.Elapsed.TotalSeconds:N0} assets/s");
            await server.TellProfileAsync(Name, shape.Name, run.Many);
        }
        finally
        {
            foreach (var worker in workers)
                await worker.DisposeAsync();
        }

        var finished = await server.NumberAsync(Name, $"SELECT COUNT(*) FROM assets WHERE library_id = {shape.Queue.Measured} AND status = {(int)shape.Queue.To} AND claim_owner IS NULL AND claims = 1");
        if (finished != run.Many)
            throw new InvalidOperationException($"{finished} of {run.Many} were finished once.");
        await node.DisposeAsync();
        await server.DropAsync(Name);
    }

    /// <summary>The least a queue in a table can do: take a batch, give it back finished, each statement a commit of its own.</summary>
    private static async Task<double> BareAsync(BenchRun run, DurablePostgres server, Queue queue)
    {
        const string Name = "bare";
        var source = NpgsqlDataSource.Create(await server.CreateAsync(Name, queue.Name) + ";Max Auto Prepare=10");
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(1, Workers).Select(owner => Task.Run(() => BareWorkerAsync(source, owner, queue))));
        var rate = (run.Many + (run.Many / 10)) / clock.Elapsed.TotalSeconds;
        BenchRun.Say($"bare: {rate:N0} assets/s");
        await source.DisposeAsync();
        await server.DropAsync(Name);
        return rate;
    }

    private static async Task BareWorkerAsync(NpgsqlDataSource source, int owner, Queue queue)
    {
        await using var connection = await source.OpenConnectionAsync();
        // As the real one keeps to the index of what waits, and passes over what it has claimed before.
        await using var claim = new NpgsqlCommand(
            $"""
            UPDATE assets SET claim_owner = $1, claims = claims + 1, attempts = attempts + 1 WHERE id = ANY (ARRAY(
                SELECT id FROM assets WHERE task_group_id = $2 AND status = $3 AND (id + 0) > $4 AND claim_owner IS NULL AND status <> 3 AND status <> 4
                ORDER BY (id + 0) LIMIT {s_batch} FOR UPDATE SKIP LOCKED))
            RETURNING id
            """,
            connection)
        {
            Parameters = { new() { Value = (long)owner }, new() { Value = 0L }, new() { Value = (long)queue.From }, new() { Value = 0L } },
        };
        await using var finish = new NpgsqlCommand($"UPDATE assets SET status = {(int)queue.To}, claim_owner = NULL, attempts = 0 WHERE id = ANY($1) AND claim_owner = {owner}", connection)
        {
            Parameters = { new() { Value = Array.Empty<long>() } },
        };
        foreach (var group in queue.Groups)
        {
            (claim.Parameters[1].Value, claim.Parameters[3].Value) = (group, 0L);
            while (await ClaimAsync(claim) is { Length: > 0 } ids)
            {
                (claim.Parameters[3].Value, finish.Parameters[0].Value) = (ids.Max(), ids);
                await finish.ExecuteNonQueryAsync();
            }
        }
    }

    private static async Task<long[]> ClaimAsync(NpgsqlCommand claim)
    {
        var ids = new List<long>();
        await using var reader = await claim.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            ids.Add(reader.GetInt64(0));
        return [.. ids];
    }

    private static async Task UntilAsync(DurablePostgres server, string database, Queue queue, long library, int count)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString(database));
        await using var command = source.CreateCommand($"SELECT {queue.To.ToString().ToLowerInvariant()} FROM progress WHERE id = {library}");
        while ((long)(await command.ExecuteScalarAsync())! < count)
            await Task.Delay(10);
    }

    private static TimeSpan Sum(IEnumerable<WorkerProcess> workers) => workers.Aggregate(TimeSpan.Zero, (sum, worker) => sum + worker.Processor);

    /// <summary>Assets in one status that wait for another.</summary>
    private sealed record Queue(string Name, AssetKind Kind, AssetStatus From, AssetStatus To)
    {
        public long Warm { get; set; }

        public long Measured { get; set; }

        public long[] Groups { get; set; } = [];
    }

    /// <summary>A way to work them off.</summary>
    private sealed record Shape(string Name, Queue Queue, Func<string, Task<WorkerProcess>> StartAsync)
    {
        public Samples Rates { get; } = new();

        public Samples DatabaseMicroseconds { get; } = new();

        public Samples WorkerMicroseconds { get; } = new();

        public string Costs => $"CPU per asset {DatabaseMicroseconds.Median:0} µs of PostgreSQL, {WorkerMicroseconds.Median:0} µs of the workers";
    }
}
