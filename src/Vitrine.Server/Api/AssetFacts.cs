using Vitrine.Images;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>An asset as the viewer shows it.</summary>
public sealed record AssetFacts(
    long Id,
    string LibraryId,
    string Name,
    string Path,
    AssetKind Kind,
    AssetStatus Status,
    long Size,
    DateTimeOffset ModifiedAt,
    DateTimeOffset AddedAt,
    int? Width,
    int? Height,
    string? Colour,
    WallTime? CapturedAt,
    string? ThumbnailUrl,
    string? PreviewUrl,
    string FileUrl,
    string? Sha256,
    string? Md5,
    string? Format,
    int? Orientation,
    int? Frames,
    bool Animated,
    string? Warning,
    int Attempts,
    PictureMetadata? Metadata,
    string? Failure,
    FailureFacts? FailureDetails)
{
    internal static AssetFacts Of(Asset asset, PictureDetails? details, FailedAsset? failure) => new(
        asset.Id,
        asset.LibraryId.ToString(),
        asset.Name,
        asset.Path,
        asset.Kind,
        asset.Status,
        asset.Size,
        asset.ModifiedAt,
        asset.AddedAt,
        asset.Width,
        asset.Height,
        asset.Colour is { } colour ? $"#{colour:x6}" : null,
        asset.CapturedAt,
        asset.HasThumbnail ? AssetItem.Url(asset, "thumbnail") : null,
        asset.HasThumbnail ? AssetItem.Url(asset, "preview") : null,
        AssetItem.Url(asset, "file"),
        asset.Sha256 is { } sha256 ? Convert.ToHexStringLower(sha256) : null,
        details is null ? null : Convert.ToHexStringLower(details.Md5),
        asset.Format,
        details?.Orientation,
        asset.Frames,
        asset.IsAnimated,
        asset.Warning,
        failure?.Attempts ?? asset.Attempts,
        details?.Metadata,
        asset.Failure?.Sentence,
        failure is null ? null : new FailureFacts(
            failure.Stage, failure.Reason.Class, failure.Reason.Sentence, failure.Reason.Details, failure.Attempts, failure.FailedAt));
}

/// <summary>Why and when an asset failed.</summary>
/// <param name="Reason">The class as a sentence.</param>
/// <param name="Details">What the decoder or the system said, at most 300 characters; null where it said nothing.</param>
public sealed record FailureFacts(Stage Stage, FailureClass Class, string Reason, string? Details, int Attempts, DateTimeOffset FailedAt);
