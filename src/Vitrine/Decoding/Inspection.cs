using Vitrine.Images;

namespace Vitrine.Decoding;

/// <summary>
/// What one read and one decode of a file tell about it. A damaged file is normal: the parts that could be read are set,
/// and <see cref="Failure"/> says why the rest is missing.
/// </summary>
public sealed record Inspection
{
    /// <summary>Content identity; null only when the file could not be read at all.</summary>
    public FileIdentity? Identity { get; init; }

    /// <summary>Format and dimensions from the header; null for 3D models and for what is not a picture.</summary>
    public PictureHeader? Header { get; init; }

    /// <summary>EXIF, IPTC, XMP and sidecar joined; null when none was found.</summary>
    public PictureMetadata? Metadata { get; init; }

    /// <summary>Thumbnail and what was computed from its pixels; null when the picture could not be decoded.</summary>
    public PictureRendition? Thumbnail { get; init; }

    /// <summary>What is wrong with a picture that is shown all the same: a class (<c>ends early</c>, <c>partly damaged</c>), a colon, a sentence. Null for most.</summary>
    public string? Warning { get; init; }

    /// <summary>Null when everything went well, or well enough to show the picture.</summary>
    public DecodeFailure? Failure { get; init; }
}
