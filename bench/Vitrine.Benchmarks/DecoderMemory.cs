using Vitrine.Decoding;

namespace Vitrine.Benchmarks;

/// <summary>Resident memory of one decoder over many pictures: at most 250 MB, and flat.</summary>
internal static class DecoderMemory
{
    private const int Step = 1000;

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new BenchArguments(args);
        var work = Directory.CreateTempSubdirectory("vitrine-memory-").FullName;
        try
        {
            var paths = arguments.Folder is { } folder ? PhotoSet.Find(folder) : PhotoSet.Generate(work, 120);
            Console.WriteLine($"{"pictures",9} {"resident MiB",13}");
            await foreach (var (done, bytes) in MeasureAsync(paths, arguments.Number("items", 10_000)))
                Console.WriteLine($"{done,9} {bytes / 1048576.0,13:0.0}");
            return 0;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Resident bytes of a single decoder that is never replaced, after every thousand pictures.</summary>
    public static async IAsyncEnumerable<(int Done, long Resident)> MeasureAsync(IReadOnlyList<string> paths, int items)
    {
        await using var pool = new DecoderPool(new DecoderOptions { Processes = 1, RecycleAfter = int.MaxValue, MemoryLimit = long.MaxValue });
        for (var done = 0; done < items;)
        {
            var end = Math.Min(done + Step, items);
            await Parallel.ForAsync(done, end, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, cancellationToken) =>
                await pool.InspectAsync(new InspectRequest(paths[i % paths.Count]), cancellationToken));
            done = end;
            yield return (done, pool.Statistics.ResidentBytes.Max());
        }
    }
}
