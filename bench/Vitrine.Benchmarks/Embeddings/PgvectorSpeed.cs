using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vitrine.Caching;
using Vitrine.Embeddings;
using Vitrine.Embeddings.Pgvector;
using Vitrine.Storage;

namespace Vitrine.Benchmarks.Embeddings;

/// <summary>
/// Copying and indexing earlier vectors, writing one more, and asking: pgvector against the exact scan of the same vectors, which lie around
/// one centre per hundred.
/// </summary>
internal static class PgvectorSpeed
{
    private const int Questions = 100;
    private const int Written = 200;
    private const int Slice = 1000;

    private static readonly EmbeddingSpace s_space = new VisualDescriptor().Space;

    public static async Task<int> RunAsync(string connectionString, int count)
    {
        await using var database = PostgresDatabase.Open(connectionString, NullLogger.Instance);
        if (!database.Vectors.InUse)
        {
            Console.Error.WriteLine(database.Vectors.Detail);
            return 1;
        }

        var random = new Random(1);
        var centres = Enumerable.Range(0, Math.Max(1, count / 100)).Select(_ => Unit(random)).ToArray();
        var index = new VectorIndex(s_space);
        Fill(connectionString, count, index, () => Near(random, centres));
        var tables = new VectorTables(database);
        tables.Prepare();
        var (copy, build) = await CopyAsync(tables);
        var write = await WriteAsync(database, count, index, () => Near(random, centres));

        Console.WriteLine($"{database.Vectors.Detail}: {count:N0} vectors of {s_space.Dimensions}; copied in {copy.TotalSeconds:F0} s, indexed in {build.TotalSeconds:F0} s; one more {write.TotalMilliseconds:F1} ms");
        Console.WriteLine("| neighbours | recall | pgvector, ms: median | p95 | exact scan, ms: median | p95 |");
        Console.WriteLine("|---|---|---|---|---|---|");
        using var search = new PgvectorSearch(database, s_space, "", new Announcements(NullLogger<Announcements>.Instance), TimeProvider.System);
        foreach (var wanted in new[] { 24, 200 })
            await AskAsync(search, index, wanted, [.. Enumerable.Range(0, Questions + 5).Select(_ => Near(random, centres))]);
        return 0;
    }

    private static void Fill(string connectionString, int count, VectorIndex index, Func<float[]> next)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        connection.Execute("INSERT INTO progress_scopes (id) OVERRIDING SYSTEM VALUE VALUES (1)");
        connection.Execute("INSERT INTO libraries (id, name, path, include_hidden, created_at) VALUES (1, 'bench', '/bench', FALSE, 0)");
        connection.Execute("INSERT INTO embedding_spaces (name, dimensions) VALUES (@name, @dimensions)", ("@name", s_space.Name), ("@dimensions", (long)s_space.Dimensions));
        connection.Execute(
            """
            INSERT INTO assets (id, library_id, folder_id, task_group_id, name, kind, size, modified_at, added_at, status)
            SELECT i, 1, 1, 1, i::text, 0, 1, 1, 1, 3 FROM generate_series(1, @count) i
            """,
            ("@count", count + Written));
        foreach (var ids in Enumerable.Range(1, count).Select(id => (long)id).Chunk(Slice))
        {
            var vectors = Array.ConvertAll(ids, _ => next());
            index.Set(ids, vectors.SelectMany(vector => vector).ToArray());
            connection.Execute(
                "INSERT INTO embeddings (space_id, asset_id, vector) SELECT 1, id, vector FROM unnest(@ids, @vectors) AS given (id, vector)",
                ("@ids", ids), ("@vectors", Array.ConvertAll(vectors, vector => VectorEncoding.Encode(vector))));
        }
    }

    private static async Task<(TimeSpan Copy, TimeSpan Build)> CopyAsync(VectorTables tables)
    {
        var start = Stopwatch.GetTimestamp();
        var pending = tables.NextOrNull()!;
        for (PendingVectors? next = pending; next is not null; next = await tables.CopySliceAsync(next, CancellationToken.None))
            pending = next;
        var copy = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        await tables.FinishAsync(pending, CancellationToken.None);
        return (copy, Stopwatch.GetElapsedTime(start));
    }

    private static async Task<TimeSpan> WriteAsync(PostgresDatabase database, int count, VectorIndex index, Func<float[]> next)
    {
        var store = new EmbeddingStore(database, s_space);
        var vectors = Enumerable.Range(0, Written).Select(_ => next()).ToArray();
        var start = Stopwatch.GetTimestamp();
        await database.WriteAsync(
            transaction =>
            {
                for (var i = 0; i < Written; i++)
                    store.Write(transaction, count + 1 + i, vectors[i]);
            },
            WriteUrgency.Urgent,
            CancellationToken.None);
        var took = Stopwatch.GetElapsedTime(start) / Written;
        for (var i = 0; i < Written; i++)
            index.Set(count + 1 + i, vectors[i]);
        return took;
    }

    private static async Task AskAsync(PgvectorSearch search, VectorIndex index, int wanted, float[][] questions)
    {
        var found = 0;
        var (byIndex, exactly) = (new List<double>(), new List<double>());
        foreach (var (place, question) in questions.Index())
        {
            var start = Stopwatch.GetTimestamp();
            var (neighbours, _) = await search.NearestAsync(1, question, wanted, CancellationToken.None);
            var tookIndex = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
            var exact = index.Nearest(question, wanted);
            var tookExact = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (place < questions.Length - Questions)
                continue; // warms up
            found += neighbours.Select(neighbour => neighbour.AssetId).Intersect(exact.Select(neighbour => neighbour.AssetId)).Count();
            byIndex.Add(tookIndex);
            exactly.Add(tookExact);
        }

        byIndex.Sort();
        exactly.Sort();
        Console.WriteLine(
            $"| {wanted} | {found / (double)(wanted * Questions):F4} | {byIndex[Questions / 2]:F1} | {byIndex[Questions * 95 / 100]:F1} | {exactly[Questions / 2]:F1} | {exactly[Questions * 95 / 100]:F1} |");
    }

    private static float[] Near(Random random, float[][] centres)
    {
        var away = Unit(random);
        var vector = centres[random.Next(centres.Length)].Zip(away, (centre, off) => centre + (0.5f * off)).ToArray();
        return Normalised(vector);
    }

    private static float[] Unit(Random random) => Normalised([.. Enumerable.Range(0, s_space.Dimensions).Select(_ => random.NextSingle() - 0.5f)]);

    private static float[] Normalised(float[] vector)
    {
        var length = MathF.Sqrt(vector.Sum(component => component * component));
        return Array.ConvertAll(vector, component => component / length);
    }
}
