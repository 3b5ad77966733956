using System.Diagnostics;
using Vitrine.Embeddings;

namespace Vitrine.Benchmarks.Embeddings;

/// <summary>Time per query and memory of the exact vector index, for random unit vectors.</summary>
internal static class VectorIndexSpeed
{
    private const int Batch = 512;

    public static void Run()
    {
        Console.WriteLine($"""
            | vectors | dimensions | fill, s | bytes per vector | query, ms: median | p95 | 1 in 100 passes the filter | while a writer replaces |
            |---|---|---|---|---|---|---|---|
            """);
        foreach (var dimensions in new[] { new VisualDescriptor().Space.Dimensions, 256 })
        {
            foreach (var count in new[] { 100_000, 1_000_000 })
                Measure(count, dimensions);
        }
    }

    private static void Measure(int count, int dimensions)
    {
        var random = new Random(1);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new VectorIndex(new EmbeddingSpace("bench", dimensions));
        var ids = new long[Batch];
        var vectors = new Half[Batch * dimensions];
        var filling = TimeSpan.Zero;
        for (var first = 0; first < count; first += Batch)
        {
            var size = Math.Min(Batch, count - first);
            Fill(random, vectors, dimensions);
            for (var i = 0; i < size; i++)
                ids[i] = first + i;
            var start = Stopwatch.GetTimestamp();
            index.Set(ids.AsSpan(0, size), vectors.AsSpan(0, size * dimensions));
            filling += Stopwatch.GetElapsedTime(start);
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)count;
        var (median, p95) = Query(index, dimensions, null);
        var filtered = Query(index, dimensions, id => id % 100 == 0).Median;

        using var stop = new CancellationTokenSource();
        var token = stop.Token;
        var writer = new Thread(() =>
        {
            for (var first = 0; !token.IsCancellationRequested; first = (first + Batch) % (count - Batch))
            {
                for (var i = 0; i < Batch; i++)
                    ids[i] = first + i;
                index.Set(ids, vectors);
            }
        });
        writer.Start();
        var written = Query(index, dimensions, null).Median;
        stop.Cancel();
        writer.Join();
        Console.WriteLine(
            $"| {count:N0} | {dimensions} | {filling.TotalSeconds:F2} | {bytes:F0} | {median:F1} | {p95:F1} | {filtered:F1} | {written:F1} |");
    }

    private static (double Median, double P95) Query(VectorIndex index, int dimensions, Func<long, bool>? filter)
    {
        const int queries = 40;
        var query = new Half[Batch * dimensions];
        Fill(new Random(2), query, dimensions);
        var times = new List<double>();
        for (var i = 0; i < queries + 5; i++)
        {
            var vector = query[(i * dimensions)..((i + 1) * dimensions)].Select(component => (float)component).ToArray();
            var start = Stopwatch.GetTimestamp();
            index.Nearest(vector, 24, filter);
            if (i >= 5)
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return (times[queries / 2], times[queries * 95 / 100]);
    }

    private static void Fill(Random random, Half[] vectors, int dimensions)
    {
        var scale = MathF.Sqrt(3f / dimensions);
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] = (Half)(((2 * random.NextSingle()) - 1) * scale);
    }
}
