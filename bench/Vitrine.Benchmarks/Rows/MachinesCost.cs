using System.Diagnostics;
using Npgsql;
using Vitrine.Benchmarks.Setting;
using Vitrine.Embeddings;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Benchmarks.Rows;

/// <summary>What one asset costs in bytes and milliseconds over PostgreSQL, from which docs/scaling.md is computed. Once, not several times: it takes minutes.</summary>
internal static class MachinesCost
{
    private const string Name = "cost";

    private const int Vacuums = 10;

    /// <summary>What a file system gives out.</summary>
    private const int Block = 4096;

    private static readonly string[] s_sorts = ["added", "name", "size", "modified"];

    /// <summary>The updates that the two stages make, with facts that look like real ones, and vectors like the first.</summary>
    private static readonly string[][] s_stages =
    [
        [
            "UPDATE assets SET claim_owner = 1, claims = claims + 1, attempts = 1 WHERE id >= @first AND id < @end",
            """
            UPDATE assets SET status = 1, claim_owner = NULL, attempts = 0, sha256 = sha256(id::TEXT::BYTEA), width = 6000, height = 4000, colour = id % 16777216,
                captured_at = modified_at, thumbnail = TRUE WHERE id >= @first AND id < @end
            """,
            """
            INSERT INTO asset_details (asset_id, md5, format, orientation, frames, perceptual_hash, captured_at, camera_make, camera_model, lens, exposure_seconds, f_number, iso,
                focal_length_millimetres)
            SELECT id, decode(md5(id::TEXT), 'hex'), 'jpeg', 1, 1, sha256(id::TEXT::BYTEA), modified_at, 'Canon', 'Canon EOS 5D Mark IV', 'EF24-70mm f/2.8L II USM', 0.004, 5.6, 200, 50
            FROM assets WHERE id >= @first AND id < @end
            """,
        ],
        [
            "UPDATE assets SET status = 2, claim_owner = 1, claims = claims + 1, attempts = 1 WHERE id >= @first AND id < @end",
            "UPDATE assets SET status = 3, claim_owner = NULL, attempts = 0 WHERE id >= @first AND id < @end",
            """
            INSERT INTO embeddings (space_id, asset_id, vector) SELECT e.space_id, a.id, e.vector FROM assets a, (SELECT space_id, vector FROM embeddings LIMIT 1) e
            WHERE a.id >= @first AND a.id < @end ON CONFLICT DO NOTHING
            """,
        ],
    ];

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        await using var postgres = await DurablePostgres.StartAsync(run);
        var costs = await MeasureAsync(run, postgres);
        ScalingPage.Tell(run, costs);
        var memory = costs.Memory;
        return
        [
            Figure.Told(
                $"cost of an asset in PostgreSQL, {costs.Assets:N0} assets ready with vectors", $"{costs.DatabaseBytes:N0} bytes",
                $"{costs.Database.Rewritten:N0} when written anew; log {costs.Scan.Log + costs.Metadata.Log + costs.Embedding.Log:N0} bytes for all three phases; thumbnail {costs.Thumbnail.OnDisk:N0} bytes on disk"),
            Figure.Told(
                "cost of an asset in CPU over PostgreSQL, phase 1, 2, 3",
                $"{costs.Scan.Processor / 1000:0.000}, {costs.Metadata.Processor / 1000:0.0}, {costs.Embedding.Processor / 1000:0.00} ms",
                $"of which PostgreSQL {costs.Scan.Database:0}, {costs.Metadata.Database:0}, {costs.Embedding.Database:0} µs; photographs of {costs.Photographs.Megabytes:0.0} MB"),
            Figure.Told(
                "cost of an asset in a server's memory, browsing and comparing", $"{memory.Browsed:0} and {memory.Compared:0} bytes",
                $"besides {Figure.Mebibytes((long)memory.Empty)}; a question for similar ones over {costs.Assets:N0} {Figure.Time(costs.SimilarMilliseconds)}"),
            Figure.Told($"`pg_dump` of {costs.Assets:N0} assets", Figure.Time(costs.Backup.DumpMilliseconds), $"{Figure.Mebibytes((long)costs.Backup.DumpBytes)}; `pg_restore` {Figure.Time(costs.Backup.RestoreMilliseconds)}"),
            Figure.Told("`NOTIFY` from four connections to one that listens", $"{costs.Notifications:N0} per second"),
        ];
    }

    private static async Task<AssetCosts> MeasureAsync(BenchRun run, DurablePostgres postgres)
    {
        var photographs = await PhotographsAsync(run, postgres);
        var scan = await ScanAsync(run, postgres);
        await FinishAllAsync(run, postgres);
        await postgres.ExecuteAsync(Name, "VACUUM");
        await postgres.ExecuteAsync(Name, "ANALYZE");
        var tables = await TablesAsync(run, postgres);
        var (memory, similar, rescan) = await ServerAsync(run, postgres);
        var backup = await BackupAsync(run, postgres);
        BenchRun.Say("Writing the tables anew…");
        await postgres.ExecuteAsync(Name, "VACUUM FULL");
        var rewritten = (await TablesAsync(run, postgres)).Sum(table => table.Heap + table.Indexes);
        return new AssetCosts
        {
            Assets = run.Most,
            Photographs = (photographs.Count, photographs.Megabytes),
            Scan = scan,
            Metadata = photographs.Metadata,
            Embedding = photographs.Embedding,
            Database = (tables, rewritten),
            Thumbnail = photographs.Thumbnail,
            Memory = memory,
            SimilarMilliseconds = similar,
            Backup = backup,
            RescanMilliseconds = rescan,
            Notifications = await NotifyAsync(run, postgres),
        };
    }

    /// <summary>Real photographs through the real stages, one stage after the other.</summary>
    private static async Task<(int Count, double Megabytes, AssetCosts.StageCost Metadata, AssetCosts.StageCost Embedding, (double Length, double OnDisk) Thumbnail)> PhotographsAsync(
        BenchRun run, DurablePostgres postgres)
    {
        var count = 2 * run.Photos;
        var folder = VariedPhotos.Ensure(run, count);
        BenchRun.Say($"Working on {count:N0} photographs…");
        var database = await postgres.CreateAsync("photographs");
        using Scratch data = run.Scratch(), derived = run.Scratch();
        AssetCosts.StageCost metadata, embedding;
        await using (var server = await ServerProcess.StartAsync(data.FullPath, database, "--no-work", "--derived", derived.FullPath))
        {
            var library = await server.AddAsync(folder);
            await server.ProgressWhenAsync(library, progress => !progress.Scanning);
            metadata = await StageAsync("metadata", progress => progress.Pending == 0);
            embedding = await StageAsync("embedding", progress => progress.IsComplete);

            async Task<AssetCosts.StageCost> StageAsync(string stage, Func<ImportProgress, bool> reached)
            {
                var (log, before, clock) = (await postgres.LogBytesAsync(), postgres.Processor, Stopwatch.StartNew());
                await using var worker = await WorkerProcess.StartAsync(run, database, Environment.ProcessorCount, "--stages", stage, "--derived", derived.FullPath);
                await server.ProgressWhenAsync(library, reached);
                var (wall, own, all) = (clock.Elapsed, worker.Processor, worker.ProcessorOfAll);
                return Cost(count, wall, all - own, own, postgres.Processor - before, await postgres.LogBytesAsync() - log);
            }
        }

        await postgres.DropAsync("photographs");
        var thumbnails = Directory.GetFiles(derived.FullPath, "*.webp", SearchOption.AllDirectories).Select(path => new FileInfo(path).Length).ToList();
        var megabytes = PhotoSet.Find(folder).Average(path => new FileInfo(path).Length) / 1e6;
        return (count, megabytes, metadata, embedding, (thumbnails.Average(), thumbnails.Average(length => (length + Block - 1) / Block * Block)));
    }

    private static async Task<AssetCosts.StageCost> ScanAsync(BenchRun run, DurablePostgres postgres)
    {
        var folder = LinkedFiles.Ensure(run, run.Most);
        BenchRun.Say($"Scanning {run.Most:N0} files…");
        var database = await postgres.CreateAsync(Name);
        using var data = run.Scratch();
        await using var server = await ServerProcess.StartAsync(data.FullPath, database, "--no-work");
        var (log, before, own, clock) = (await postgres.LogBytesAsync(), postgres.Processor, server.Processor, Stopwatch.StartNew());
        var library = await server.AddAsync(folder);
        await server.ProgressWhenAsync(library, progress => !progress.Scanning);
        return Cost(run.Most, clock.Elapsed, TimeSpan.Zero, server.Processor - own, postgres.Processor - before, await postgres.LogBytesAsync() - log);
    }

    private static AssetCosts.StageCost Cost(int count, TimeSpan wall, TimeSpan decoders, TimeSpan process, TimeSpan database, long log) => new(
        wall.TotalMicroseconds / count, decoders.TotalMicroseconds / count, process.TotalMicroseconds / count, database.TotalMicroseconds / count, log / (double)count);

    /// <summary>Working on a million pictures would take hours: their rows are changed as often and as much as the stages would.</summary>
    private static async Task FinishAllAsync(BenchRun run, DurablePostgres postgres)
    {
        BenchRun.Say($"Making {run.Most:N0} assets ready…");
        using var data = run.Scratch();
        await using var node = await SharedNode.StartAsync(postgres.ConnectionString(Name), data.FullPath);
        var (database, embeddings) = (node.Get<Database>(), node.Get<EmbeddingStore>());
        var library = node.Get<LibraryStore>().All()[0];
        var (first, end) = database.Read(connection => (connection.QueryNumber("SELECT MIN(id) FROM assets"), connection.QueryNumber("SELECT MAX(id) + 1 FROM assets")));
        var vector = new float[embeddings.Space.Dimensions];
        vector[0] = 1;
        await database.WriteAsync(transaction => embeddings.Write(transaction, first, vector), WriteUrgency.Bulk, CancellationToken.None);
        var chunk = run.Most / Vacuums;
        foreach (var stage in s_stages)
        {
            for (var from = first; from < end; from += chunk)
            {
                foreach (var sql in stage)
                {
                    await database.WriteAsync(
                        transaction => transaction.Connection.Execute(sql, ("@first", from), ("@end", from + chunk)), WriteUrgency.Bulk, CancellationToken.None);
                }

                // A fifth of the rows has died by now, which is when autovacuum comes in the hours that a real import takes.
                await postgres.ExecuteAsync(Name, "VACUUM assets");
            }
        }

        await database.WriteAsync(
            transaction =>
            {
                var changes = new CounterChanges();
                changes.Move(library.Id, library.TaskGroupId, AssetStatus.Pending, AssetStatus.Ready, run.Most);
                node.Get<ProgressStore>().Apply(transaction, changes);
            },
            WriteUrgency.Bulk,
            CancellationToken.None);
    }

    private static async Task<IReadOnlyList<(string Table, double Heap, double Indexes)>> TablesAsync(BenchRun run, DurablePostgres postgres)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString(Name) + ";Pooling=false");
        await connection.OpenAsync();
        return
        [
            .. connection.Query(
                    """
                    SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
                    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY pg_total_relation_size(oid) DESC
                    """,
                    row => (Table: row.GetString(0), Heap: row.GetInt64(1) / (double)run.Most, Indexes: row.GetInt64(2) / (double)run.Most))
                .Where(table => table.Heap + table.Indexes >= 1),
        ];
    }

    private static async Task<(AssetCosts.MemoryCost Memory, double Similar, double Rescan)> ServerAsync(BenchRun run, DurablePostgres postgres)
    {
        BenchRun.Say("Serving them…");
        using Scratch emptyData = run.Scratch(), data = run.Scratch();
        double empty;
        await using (var server = await ServerProcess.StartAsync(emptyData.FullPath, await postgres.CreateAsync("empty"), "--no-work"))
        {
            for (var i = 0; i < 100; i++)
                (await server.GetAsync("/api/libraries")).Dispose();
            empty = server.Resident;
        }

        await using var full = await ServerProcess.StartAsync(data.FullPath, postgres.ConnectionString(Name), "--no-work");
        var random = new Random(1);
        string library;
        using (var libraries = await full.GetAsync("/api/libraries"))
            library = libraries.RootElement.GetProperty("items")[0].GetProperty("library_id").GetString()!;
        foreach (var sort in s_sorts)
        {
            for (var page = 0; page < 100; page++)
                await full.TimePageAsync(library, random.Next(run.Most - 200), sort);
        }

        var browsed = full.Resident;
        long asset;
        using (var page = await full.GetAsync($"/api/libraries/{library}/assets?limit=1"))
            asset = page.RootElement.GetProperty("items")[0].GetProperty("id").GetInt64();
        long covered;
        do
        {
            using var answer = await full.GetAsync($"/api/assets/{asset}/similar");
            covered = answer.RootElement.GetProperty("coverage").GetProperty("covered").GetInt64();
        }
        while (covered < run.Most);
        var times = new Samples();
        for (var i = 0; i < 20; i++)
        {
            var clock = Stopwatch.StartNew();
            (await full.GetAsync($"/api/assets/{asset + i}/similar")).Dispose();
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        var memory = new AssetCosts.MemoryCost(empty, (browsed - empty) / run.Most, (full.Resident - browsed) / (double)run.Most);
        var again = Stopwatch.StartNew();
        await full.PostAsync($"/api/libraries/{library}/scan");
        await full.WaitForJobAsync($"scan:{library}");
        return (memory, times.Median, again.Elapsed.TotalMilliseconds);
    }

    private static async Task<(double DumpMilliseconds, double DumpBytes, double RestoreMilliseconds)> BackupAsync(BenchRun run, DurablePostgres postgres)
    {
        BenchRun.Say("Backing them up…");
        using var folder = run.Scratch();
        var file = Path.Join(folder.FullPath, "vitrine.dump");
        var dump = await postgres.TimeProgramAsync("pg_dump", Name, "-Fc", "-f", file);
        await postgres.CreateAsync("restored");
        var restore = await postgres.TimeProgramAsync("pg_restore", "restored", "-j", $"{Environment.ProcessorCount}", file);
        await postgres.DropAsync("restored");
        return (dump, new FileInfo(file).Length, restore);
    }

    private static async Task<double> NotifyAsync(BenchRun run, DurablePostgres postgres)
    {
        const int Senders = 4;
        var (each, heard) = (run.Quick ? 500 : 5_000, 0);
        var database = postgres.ConnectionString("postgres");
        await using var listening = new NpgsqlConnection(database);
        await listening.OpenAsync();
        listening.Notification += (_, _) => heard++;
        await using (var listen = new NpgsqlCommand("LISTEN bare", listening))
            await listen.ExecuteNonQueryAsync();
        var clock = Stopwatch.StartNew();
        var sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            await using var connection = new NpgsqlConnection(database);
            await connection.OpenAsync();
            for (var i = 0; i < each; i++)
            {
                await using var notify = new NpgsqlCommand("SELECT pg_notify('bare', '0123456789abcdef C 12 1000000,+1x255')", connection);
                await notify.ExecuteNonQueryAsync();
            }
        })));
        while (heard < Senders * each)
            await listening.WaitAsync();
        await sending;
        return Senders * each / clock.Elapsed.TotalSeconds;
    }
}
