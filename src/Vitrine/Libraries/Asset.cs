using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>One file of a library as a page of the grid shows it.</summary>
/// <param name="Id">Ascending in the order of arrival.</param>
/// <param name="Path">Relative to the root, with <c>/</c>.</param>
/// <param name="Attempts">At the current stage.</param>
/// <param name="Width">Pixels as shown; null until known.</param>
/// <param name="Height">Pixels as shown; null until known.</param>
/// <param name="Colour">Average colour, 0xRRGGBB; null until known.</param>
/// <param name="CapturedAt">When the picture was taken, by the camera's clock; null where unknown.</param>
/// <param name="Sha256">Content identity; null until read.</param>
/// <param name="HasThumbnail">Whether a thumbnail was made.</param>
/// <param name="Failure">Why it failed; null otherwise.</param>
/// <param name="Format">By content, lower case; null for 3D models and until known.</param>
/// <param name="Frames">Of an animation, or pages of a document; null until known.</param>
/// <param name="ChangedAt">As in <see cref="FileFacts"/>; 0 where it is not known.</param>
/// <param name="Warning">What is wrong with a picture that is shown all the same: a class, a colon, a sentence; null for most.</param>
public sealed record Asset(
    long Id,
    long LibraryId,
    string Path,
    AssetKind Kind,
    AssetStatus Status,
    long Size,
    DateTimeOffset ModifiedAt,
    DateTimeOffset AddedAt,
    int Attempts,
    int? Width,
    int? Height,
    int? Colour,
    WallTime? CapturedAt,
    byte[]? Sha256,
    bool HasThumbnail,
    FailureReason? Failure,
    string? Format,
    int? Frames,
    string? Warning,
    long ChangedAt = 0)
{
    /// <summary>Whether it moves in a browser that is given the file itself.</summary>
    public bool IsAnimated => Frames > 1 && Format is "gif" or "webp" or "png" or "avif";

    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
