using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Server.Api;

/// <summary>An asset as a page of the grid shows it.</summary>
/// <param name="Path">Below the library's folder.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Width">Pixels, as shown after orientation; null until that is known.</param>
/// <param name="Height">As the width.</param>
/// <param name="Colour">The average, as #rrggbb; null until that is known.</param>
/// <param name="CapturedAt">What the camera's clock showed; null where the file does not say.</param>
/// <param name="ThumbnailUrl">With the content in it, so that the answer may be kept for ever; null while there is no thumbnail.</param>
/// <param name="Failure">Why it failed, as a sentence; null where it has not.</param>
/// <param name="Animated">Whether a browser shows its file moving.</param>
/// <param name="Warning">What is wrong with a picture that is shown all the same; null where nothing is.</param>
public record AssetItem(
    long Id,
    string Name,
    string Path,
    AssetKind Kind,
    AssetStatus Status,
    long Size,
    DateTimeOffset ModifiedAt,
    int? Width,
    int? Height,
    string? Colour,
    WallTime? CapturedAt,
    string? ThumbnailUrl,
    string? Failure,
    bool Animated,
    string? Warning)
{
    internal static AssetItem Of(Asset asset) => new(
        asset.Id,
        asset.Name,
        asset.Path,
        asset.Kind,
        asset.Status,
        asset.Size,
        asset.ModifiedAt,
        asset.Width,
        asset.Height,
        asset.Colour is { } colour ? $"#{colour:x6}" : null,
        asset.CapturedAt,
        asset.HasThumbnail ? Url(asset, "thumbnail") : null,
        asset.Failure?.Sentence,
        asset.IsAnimated,
        asset.Warning);

    /// <summary>With the content in it, so that browsers may keep the answer for ever.</summary>
    internal static string Url(Asset asset, string what) =>
        asset.Sha256 is { } sha256 ? $"/api/assets/{asset.Id}/{what}?c={ContentTag(sha256)}" : $"/api/assets/{asset.Id}/{what}";

    /// <summary>Enough of the hash to tell versions of one file apart.</summary>
    internal static string ContentTag(byte[] sha256) => Convert.ToHexStringLower(sha256.AsSpan(0, 8));
}
