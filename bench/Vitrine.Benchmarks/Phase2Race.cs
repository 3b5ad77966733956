using System.Diagnostics;
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
        var (effort, repeats, cores) = (arguments.Number("effort", new DecoderOptions().ThumbnailEffort), arguments.Number("repeats", 5), Environment.ProcessorCount);
        var work = Directory.CreateTempSubdirectory("vitrine-phase2-").FullName;
        try
        {
            Console.Error.WriteLine("Making pictures…");
            var sets = PhotoSet.Make(arguments.Folder, work);
            await using var pool = new DecoderPool(new DecoderOptions { ThumbnailLongSide = LongSide, ThumbnailQuality = Quality, ThumbnailEffort = effort });
            // Decoders live for 10,000 pictures; what is measured is the time after their code is compiled.
            await VitrineAsync(pool, sets[0].Paths, work);
            await VitrineAsync(pool, sets[0].Paths, work);

            Console.WriteLine($"{cores} cores, {LongSide} px, WebP quality {Quality}, effort {effort}; medians of {repeats} runs; images/s");
            Console.WriteLine($"{"photographs",-20} {"files",6} {"mean MB",8} {"vipsthumbnail",14} {"1 thread each",14} {"Vitrine",9} {"ratio",7}");
            foreach (var set in sets)
            {
                List<double> peer = [], peerSingle = [], own = [];
                for (var i = 0; i < repeats; i++)
                {
                    peer.Add(await PeerAsync(set.Paths, work, cores, effort, threads: null));
                    own.Add(await VitrineAsync(pool, set.Paths, work));
                    peerSingle.Add(await PeerAsync(set.Paths, work, cores, effort, threads: "1"));
                }
                var best = Math.Max(Median(peer), Median(peerSingle));
                Console.WriteLine(
                    $"{set.Name,-20} {set.Paths.Count,6} {set.MeanMegabytes,8:0.00} {Median(peer),14:0.0} {Median(peerSingle),14:0.0} {Median(own),9:0.0} {Median(own) / best,7:0.00}");
            }
            Console.WriteLine($"decoders: libvips {pool.Statistics.LibraryVersion}, {string.Join(", ", pool.Statistics.ResidentBytes.Select(bytes => $"{bytes >> 20} MiB"))}; this process generates with {VipsLibrary.Path} {VipsLibrary.Version}");
            return 0;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<double> PeerAsync(IReadOnlyList<string> paths, string work, int cores, int effort, string? threads)
    {
        var target = Directory.CreateDirectory(Path.Combine(work, "peer"));
        var start = new ProcessStartInfo("nice") { RedirectStandardInput = true, RedirectStandardError = true };
        // Several pictures per process, so that the peer's start-up hardly counts, yet enough processes that both cores end together.
        // Decoders run at a lower priority; so does the peer, or a busy machine would decide the race.
        string[] command = ["-n", "10", "xargs", "-0", "-P", $"{cores}", "-n", $"{Math.Clamp(paths.Count / (cores * 6), 1, 50)}",
            "vipsthumbnail", "--size", $"{LongSide}", "-o", Path.Combine(target.FullName, $"%s.webp[Q={Quality},effort={effort}]")];
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

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
