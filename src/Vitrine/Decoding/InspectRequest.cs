namespace Vitrine.Decoding;

/// <summary>Asks a decoder for everything that phase 2 wants of one file.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="SidecarPath">An XMP file beside it, absolute; null when there is none.</param>
/// <param name="Kind">What the file is by its name.</param>
/// <param name="SquashSide">Pixels: the side of <see cref="Images.PictureRendition.Squashed"/>; 0 when it is not wanted.</param>
/// <param name="Root">The folder that must hold both files, links resolved; null for any place.</param>
public sealed record InspectRequest(
    string Path, string? SidecarPath = null, FileKind Kind = FileKind.Picture, int SquashSide = 0, string? Root = null);
