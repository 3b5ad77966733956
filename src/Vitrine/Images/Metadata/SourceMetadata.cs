namespace Vitrine.Images.Metadata;

/// <summary>What one source (sidecar, XMP, IPTC, EXIF, PNG text) says about a picture.</summary>
/// <param name="Fields">All but the capture time.</param>
/// <param name="Taken">When the shutter was released.</param>
/// <param name="Digitised">When the file first came to be; stands in where no source knows when it was taken.</param>
internal sealed record SourceMetadata(PictureMetadata Fields, CaptureTime? Taken, CaptureTime? Digitised);
