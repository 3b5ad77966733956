using System.Diagnostics;
using Vitrine.Benchmarks.Setting;
using Vitrine.Decoding;

namespace Vitrine.Benchmarks.Rows;

/// <summary>Phase 2 against <c>vipsthumbnail</c>: decoders alone on pictures of several sizes, then a whole import through the server.</summary>
internal static class MetadataRate
{
    /// <summary>Megabytes: the budget is for photographs of 0.1 to 10 MB.</summary>
    private const double LargestBudgeted = 10;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        using var work = run.Scratch();
        var sets = PhotoSet.Make(run.Pictures, PhotoSet.Folder(run));
        var race = await Phase2Race.MeasureAsync(sets, work.FullPath, new DecoderOptions().ThumbnailEffort, run.Runs);
        return
        [
            .. race.Select(set => new Figure(
                $"phase 2, photographs of {set.MeanMegabytes:0.0} MB ({set.Count} {set.Name})", set.MeanMegabytes <= LargestBudgeted ? "ratio ≥ 1.0" : "",
                $"{set.Own:0.0} images/s, ratio {set.Ratio:0.00}", $"`vipsthumbnail` {set.Peer:0.0} images/s; both 256 px, WebP quality 80, effort {new DecoderOptions().ThumbnailEffort}",
                set.MeanMegabytes <= LargestBudgeted ? set.Ratio >= 1 : null)),
            .. await ImportAsync(run, work),
        ];
    }

    private static async Task<IReadOnlyList<Figure>> ImportAsync(BenchRun run, Scratch work)
    {
        var folder = VariedPhotos.Ensure(run, run.Photos);
        var paths = PhotoSet.Find(folder);
        var options = new DecoderOptions();
        Samples peer = new(), indexed = new(), complete = new();
        for (var i = 0; i < run.Runs; i++)
        {
            peer.Add(await Phase2Race.PeerAsync(paths, work.FullPath, options.ThumbnailLongSide, options.ThumbnailEffort, threads: "1"));
            using var data = run.Scratch();
            await using var server = await ServerProcess.StartAsync(data.FullPath);
            var clock = Stopwatch.StartNew();
            var library = await server.AddAsync(folder);
            await server.ProgressWhenAsync(library, progress => progress is { Scanning: false, Pending: 0 });
            indexed.Add(paths.Length / clock.Elapsed.TotalSeconds);
            await server.ProgressWhenAsync(library, progress => progress.IsComplete);
            complete.Add(paths.Length / clock.Elapsed.TotalSeconds);
        }

        return
        [
            Figure.Told(
                $"phase 2 through the server: {paths.Length:N0} photographs from the POST to none pending, database and thumbnails on disk, decoders started cold", $"{indexed.Median:0.0} images/s",
                $"{indexed.Median / peer.Median:0.00} × `vipsthumbnail` ({peer.Median:0.0} images/s, {options.ThumbnailLongSide} px); to all ready {complete.Median:0.0} images/s"),
        ];
    }
}
