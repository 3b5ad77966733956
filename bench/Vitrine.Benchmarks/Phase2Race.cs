using System.Diagnostics;
using Vitrine.Benchmarks.Setting;
using Vitrine.Decoding;
using Vitrine.Images.Vips;

namespace Vitrine.Benchmarks;

/// <summary>
/// Phase 2 against <c>vipsthumbnail</c>: the peer only makes thumbnails; Vitrine's decoders also hash (SHA-256, MD5, perceptual), read the
/// header and metadata and take the mean colour. Same pictures, size, quality, effort and cores; runs alternate, medians are compared.
/// </summary>
internal static class Phase2Race
{
    private const int LongSide = 256, Quality = 80;

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new BenchArguments(args);
        var (effort, repeats) = (arguments.Number("effort", new DecoderOptions().ThumbnailEffort), arguments.Number("repeats", 5));
        var work = Directory.CreateTempSubdirectory("vitrine-phase2-").FullName;
        try
        {
            Console.Error.WriteLine("Making pictures…");
            var results = await MeasureAsync(PhotoSet.Make(arguments.Folder, work), work, effort, repeats);
            Console.WriteLine($"{Environment.ProcessorCount} cores, {LongSide} px, WebP quality {Quality}, effort {effort}; medians of {repeats} runs; images/s");
            Console.WriteLine($"{"photographs",-20} {"files",6} {"mean MB",8} {"vipsthumbnail",14} {"1 thread each",14} {"Vitrine",9} {"ratio",7}");
            foreach (var set in results)
            {
                Console.WriteLine(
                    $"{set.Name,-20} {set.Count,6} {set.MeanMegabytes,8:0.00} {set.PeerThreaded,14:0.0} {set.PeerSingle,14:0.0} {set.Own,9:0.0} {set.Ratio,7:0.00}");
            }

            Console.WriteLine($"pictures made with {VipsLibrary.Path} {VipsLibrary.Version}");
            return 0;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Medians in images/s, for photographs of each size.</summary>
    /// <param name="work">For thumbnails.</param>
    public static async Task<IReadOnlyList<Result>> MeasureAsync(IReadOnlyList<PhotoSet> sets, string work, int effort, int repeats)
    {
        await using var pool = new DecoderPool(new DecoderOptions { ThumbnailLongSide = LongSide, ThumbnailQuality = Quality, ThumbnailEffort = effort });
        // Decoders live for 10,000 pictures; what is measured is the time after their code is compiled.
        await VitrineAsync(pool, sets[0].Paths, work);
        await VitrineAsync(pool, sets[0].Paths, work);
        var results = new List<Result>();
        foreach (var set in sets)
        {
            Samples peer = new(), peerSingle = new(), own = new();
            for (var i = 0; i < repeats; i++)
            {
                peer.Add(await PeerAsync(set.Paths, work, LongSide, effort, threads: null));
                own.Add(await VitrineAsync(pool, set.Paths, work));
                peerSingle.Add(await PeerAsync(set.Paths, work, LongSide, effort, threads: "1"));
            }

            results.Add(new Result(set.Name, set.Paths.Count, set.MeanMegabytes, peer.Median, peerSingle.Median, own.Median));
        }

        return results;
    }

    /// <summary>Images/s of the peer, in as many processes as there are cores.</summary>
    /// <param name="threads">Of each process; null for libvips' own choice.</param>
    public static async Task<double> PeerAsync(IReadOnlyList<string> paths, string work, int longSide, int effort, string? threads)
    {
        var cores = Environment.ProcessorCount;
        var target = Directory.CreateDirectory(Path.Combine(work, "peer"));
        var start = new ProcessStartInfo("nice") { RedirectStandardInput = true, RedirectStandardError = true };
        // Several pictures per process, so that the peer's start-up hardly counts, yet enough processes that both cores end together.
        // Decoders run at a lower priority; so does the peer, or a busy machine would decide the race.
        string[] command = ["-n", "10", "xargs", "-0", "-P", $"{cores}", "-n", $"{Math.Clamp(paths.Count / (cores * 6), 1, 50)}",
            "vipsthumbnail", "--size", $"{longSide}", "-o", Path.Combine(target.FullName, $"%s.webp[Q={Quality},effort={effort}]")];
        foreach (var word in command)
            start.ArgumentList.Add(word);
        if (threads is not null)
            start.Environment["VIPS_CONCURRENCY"] = threads;

        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        foreach (var path in paths)
            await process.StandardInput.WriteAsync(path + "\0");
        process.StandardInput.Close();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"vipsthumbnail failed: {errors}");
        return paths.Count / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> VitrineAsync(DecoderPool pool, IReadOnlyList<string> paths, string work)
    {
        var target = Directory.CreateDirectory(Path.Combine(work, "vitrine")).FullName;
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(paths, new ParallelOptions { MaxDegreeOfParallelism = pool.Processes * 4 }, async (path, cancellationToken) =>
        {
            var inspection = await pool.InspectAsync(new InspectRequest(path), cancellationToken);
            if (inspection.Thumbnail is not { } thumbnail)
                throw new InvalidOperationException($"{path}: {inspection.Failure?.Reason}");
            await File.WriteAllBytesAsync(Path.Combine(target, Convert.ToHexString(inspection.Identity!.Sha256) + ".webp"), thumbnail.WebP, cancellationToken);
        });
        return paths.Count / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Medians in images/s; the better of the peer's two ways is what counts.</summary>
    internal sealed record Result(string Name, int Count, double MeanMegabytes, double PeerThreaded, double PeerSingle, double Own)
    {
        public double Peer => Math.Max(PeerThreaded, PeerSingle);

        public double Ratio => Own / Peer;
    }
}
