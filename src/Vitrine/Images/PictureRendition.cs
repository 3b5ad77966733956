namespace Vitrine.Images;

/// <summary>A picture made small: auto-rotated, sRGB, transparency kept, first frame of an animation.</summary>
/// <param name="WebP">The encoded bytes.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="AverageColour">0xRRGGBB in sRGB, the mean over the picture, transparent parts weighted by their opacity.</param>
/// <param name="PerceptualHash">32 bytes: 256 bits that stay nearly the same when a picture is scaled, recompressed or brightened.</param>
/// <param name="Squashed">The picture in a square, the aspect ratio not kept, transparent parts on white: RGB, row-major, side × side × 3 bytes; null unless asked for.</param>
public sealed record PictureRendition(byte[] WebP, int Width, int Height, int AverageColour, byte[] PerceptualHash, byte[]? Squashed = null);
