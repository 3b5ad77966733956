using Vitrine.Benchmarks.Setting;
using Vitrine.Decoding;

namespace Vitrine.Benchmarks.Rows;

/// <summary>Phase 2 against <c>vipsthumbnail</c>: decoders alone, on pictures of several sizes.</summary>
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
        ];
    }
}
