namespace Vitrine.Images;

/// <summary>What was read from an asset's content and only the viewer and searches need.</summary>
/// <param name="Md5">16 bytes.</param>
/// <param name="Format">By content; null for 3D models and what is no picture.</param>
/// <param name="Orientation">EXIF, 1 to 8; null where there is no header.</param>
/// <param name="Frames">Null where there is no header.</param>
public sealed record PictureDetails(byte[] Md5, string? Format, int? Orientation, int? Frames, PictureMetadata Metadata);
