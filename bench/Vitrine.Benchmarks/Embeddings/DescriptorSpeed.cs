using System.Diagnostics;
using Vitrine.Embeddings;

namespace Vitrine.Benchmarks.Embeddings;

/// <summary>Pictures per second of the built-in descriptor, from pixels to vectors; pixels make no difference to its time.</summary>
internal static class DescriptorSpeed
{
    public static void Run()
    {
        Console.WriteLine($"""

            | threads | pictures/s |
            |---|---|
            """);
        foreach (var threads in new[] { 1, Environment.ProcessorCount })
            Console.WriteLine($"| {threads} | {Measure(threads):N0} |");
    }

    /// <summary>Pictures per second over all threads, after the code is compiled.</summary>
    public static double Measure(int threads)
    {
        var descriptor = new VisualDescriptor();
        var pixels = new byte[descriptor.PreferredBatch * descriptor.InputSide * descriptor.InputSide * 3];
        new Random(1).NextBytes(pixels);
        Batches(1, 30);
        return Batches(threads, 100);

        double Batches(int threads, int batches)
        {
            var watch = Stopwatch.StartNew();
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
            {
                var vectors = new float[descriptor.PreferredBatch * descriptor.Space.Dimensions];
                for (var batch = 0; batch < batches; batch++)
                    descriptor.Embed(pixels, descriptor.PreferredBatch, vectors);
            });
            return (double)threads * batches * descriptor.PreferredBatch / watch.Elapsed.TotalSeconds;
        }
    }
}
