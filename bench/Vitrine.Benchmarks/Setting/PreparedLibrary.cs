using Microsoft.Extensions.DependencyInjection;
using Vitrine.Embeddings;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Benchmarks.Setting;

/// <summary>
/// A data folder with a library of very many assets that are all ready: scanned by the engine, then given facts and vectors that look
/// like real ones, since working on a million pictures would take an hour.
/// </summary>
internal static class PreparedLibrary
{
    private const int Chunk = 20_000;

    private const string FactsSql =
        """
        UPDATE assets SET status = 3, sha256 = randomblob(32), width = 640, height = 480, colour = id % 16777216, captured_at = modified_at, thumbnail = 1
        WHERE id >= @first AND id < @end
        """;

    private const string DetailsSql =
        """
        INSERT INTO asset_details (asset_id, md5, format, orientation, frames, perceptual_hash, camera_make, camera_model)
        SELECT id, randomblob(16), 'jpeg', 1, 1, randomblob(32), 'Canon', 'EOS 5D' FROM assets WHERE id >= @first AND id < @end
        """;

    private static readonly Dictionary<int, string> s_made = [];

    /// <summary>A data folder of its own for the caller, and the id of its library; made once per run of the benchmarks, then copied.</summary>
    public static async Task<(Scratch Data, string Library)> CopyAsync(BenchRun run, int count)
    {
        var original = Path.Join(run.Work, $"prepared-{count}");
        if (!s_made.TryGetValue(count, out var library))
        {
            Forget(run, count);
            Directory.CreateDirectory(original);
            s_made[count] = library = await MakeAsync(run, count, original);
        }

        var data = run.Scratch();
        foreach (var file in Directory.EnumerateFiles(original, "vitrine.db*"))
            File.Copy(file, Path.Join(data.FullPath, Path.GetFileName(file)));
        return (data, library);
    }

    /// <summary>Gives the disk space back; the next run makes it anew, with the tables of its time.</summary>
    public static void Forget(BenchRun run, int count)
    {
        s_made.Remove(count);
        if (Directory.Exists(Path.Join(run.Work, $"prepared-{count}")))
            Directory.Delete(Path.Join(run.Work, $"prepared-{count}"), recursive: true);
    }

    private static async Task<string> MakeAsync(BenchRun run, int count, string dataFolder)
    {
        var files = LinkedFiles.Ensure(run, count);
        BenchRun.Say($"Making a library of {count:N0} assets that are ready…");
        var services = new ServiceCollection().AddLogging().AddVitrine(new VitrineOptions { DataFolder = dataFolder });
        await using var provider = services.BuildServiceProvider();
        var (library, _) = await provider.GetRequiredService<LibraryStore>().AddAsync(files, null, includeHidden: false, CancellationToken.None);
        await provider.GetRequiredService<LibraryScan>().RunAsync(library, library.TaskGroupId, ScanReach.Whole, confirmed: false, new JobReport(_ => { }), CancellationToken.None);
        var database = provider.GetRequiredService<Database>();
        var embeddings = provider.GetRequiredService<EmbeddingStore>();
        var counters = provider.GetRequiredService<ProgressStore>();
        var random = new Random(1);
        for (var first = 1; first <= count; first += Chunk)
        {
            var (from, end) = (first, Math.Min(first + Chunk, count + 1));
            await database.WriteAsync(
                transaction =>
                {
                    foreach (var sql in (string[])[FactsSql, DetailsSql])
                        transaction.Prepare(sql).Set("@first", from).Set("@end", end).ExecuteNonQuery();
                    for (var id = from; id < end; id++)
                        embeddings.Write(transaction, id, UnitVector(random, embeddings.Space.Dimensions));
                    var changes = new CounterChanges();
                    changes.Move(library.Id, library.TaskGroupId, AssetStatus.Pending, AssetStatus.Ready, end - from);
                    counters.Apply(transaction, changes);
                },
                WriteUrgency.Bulk,
                CancellationToken.None);
        }

        // The same files can be added again, as another library.
        await database.WriteAsync(
            transaction => transaction.Connection.Execute("UPDATE libraries SET path = path || '-prepared'"), WriteUrgency.Bulk, CancellationToken.None);
        return library.Id.ToString();
    }

    private static float[] UnitVector(Random random, int dimensions)
    {
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++)
            vector[i] = random.NextSingle() - 0.5f;
        var length = MathF.Sqrt(vector.Sum(component => component * component));
        return [.. vector.Select(component => component / length)];
    }
}
