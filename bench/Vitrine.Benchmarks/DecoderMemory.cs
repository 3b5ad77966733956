using Vitrine.Decoding;

namespace Vitrine.Benchmarks;

/// <summary>Resident memory of one decoder over many pictures: at most 250 MB, and flat.</summary>
internal static class DecoderMemory
{
    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new BenchArguments(args);
        var items = arguments.Number("items", 10_000);
        var work = Directory.CreateTempSubdirectory("vitrine-memory-").FullName;
        try
        {
            var paths = arguments.Folder is { } folder ? PhotoSet.Find(folder) : PhotoSet.Generate(work, 120);
            await using var pool = new DecoderPool(new DecoderOptions { Processes = 1, RecycleAfter = int.MaxValue, MemoryLimit = long.MaxValue });
            Console.WriteLine($"{"pictures",9} {"resident MiB",13}");
            for (var done = 0; done < items;)
            {
                var batch = Math.Min(1000, items - done);
                var start = done;
                await Parallel.ForAsync(start, start + batch, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, cancellationToken) =>
                    await pool.InspectAsync(new InspectRequest(paths[i % paths.Length]), cancellationToken));
                done += batch;
                Console.WriteLine($"{done,9} {pool.Statistics.ResidentBytes.Max() / 1048576.0,13:0.0}");
            }
            return 0;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }
}
