using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Server.Api;

/// <summary>An asset as a page of the grid shows it.</summary>
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
