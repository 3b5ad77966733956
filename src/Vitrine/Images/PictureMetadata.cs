using Vitrine.Storage;

namespace Vitrine.Images;

/// <summary>
/// Descriptive metadata of a picture. A sidecar wins over XMP in the file, which wins over IPTC, which wins over EXIF,
/// field by field. Every field is null where no source has it.
/// </summary>
public sealed record PictureMetadata
{
    /// <summary>When the picture was taken, by the camera's clock.</summary>
    public WallTime? CapturedAt { get; init; }

    public string? CameraMake { get; init; }

    public string? CameraModel { get; init; }

    public string? Lens { get; init; }

    public double? ExposureSeconds { get; init; }

    public double? FNumber { get; init; }

    public int? Iso { get; init; }

    public double? FocalLengthMillimetres { get; init; }

    /// <summary>Degrees, -90 to 90, north positive.</summary>
    public double? Latitude { get; init; }

    /// <summary>Degrees, -180 to 180, east positive.</summary>
    public double? Longitude { get; init; }

    /// <summary>Above sea level; negative below.</summary>
    public double? AltitudeMetres { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    /// <summary>In the order of the source, without repetitions; null when there are none.</summary>
    public IReadOnlyList<string>? Keywords { get; init; }

    /// <summary>0 to 5 stars; -1 for rejected, as XMP has it.</summary>
    public int? Rating { get; init; }

    public string? Creator { get; init; }

    public string? Copyright { get; init; }
}
