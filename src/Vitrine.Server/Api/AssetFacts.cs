using Vitrine.Images;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>An asset as the viewer shows it.</summary>
/// <param name="Path">Below the library's folder.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Width">Pixels, as shown after orientation; null until that is known.</param>
/// <param name="Height">As the width.</param>
/// <param name="Colour">The average, as #rrggbb; null until that is known.</param>
/// <param name="CapturedAt">What the camera's clock showed; null where the file does not say.</param>
/// <param name="ThumbnailUrl">WebP, long side 320; null while there is no thumbnail.</param>
/// <param name="PreviewUrl">WebP, long side 1440, made on demand; null while there is no thumbnail.</param>
/// <param name="FileUrl">The original.</param>
/// <param name="Sha256">Of the file, in hexadecimal; null until it was read.</param>
/// <param name="Md5">As the SHA-256.</param>
/// <param name="Format">What the file is by its content, such as jpeg; null until it was read.</param>
/// <param name="Orientation">As EXIF has it, 1 to 8; width and height are after it.</param>
/// <param name="Frames">Frames of an animation, pages of a document; 1 for a still picture.</param>
/// <param name="Animated">Whether a browser shows its file moving.</param>
/// <param name="Warning">What is wrong with a picture that is shown all the same; null where nothing is.</param>
/// <param name="Attempts">How many times its present stage was begun.</param>
/// <param name="Metadata">What the file and its sidecar say; null until they were read.</param>
/// <param name="Failure">Why it failed, as a sentence; null where it has not.</param>
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
/// <param name="Stage">The work that failed.</param>
/// <param name="Reason">The class as a sentence.</param>
/// <param name="Details">What the decoder or the system said, at most 300 characters; null where it said nothing.</param>
public sealed record FailureFacts(Stage Stage, FailureClass Class, string Reason, string? Details, int Attempts, DateTimeOffset FailedAt);
