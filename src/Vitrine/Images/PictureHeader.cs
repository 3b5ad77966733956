namespace Vitrine.Images;

/// <summary>What a picture's header says, read without decoding pixels wherever the format allows it.</summary>
/// <param name="Format">Lower case: jpeg, png, webp, gif, tiff, bmp, avif, heic, jxl, svg, raw; by content, not by file name.</param>
/// <param name="Width">Pixels as shown, after orientation.</param>
/// <param name="Height">Pixels as shown, after orientation.</param>
/// <param name="Orientation">EXIF orientation, 1 to 8; 1 when absent.</param>
/// <param name="Frames">Frames of an animation or pages of a document; 1 for a still picture. The first is shown.</param>
public sealed record PictureHeader(string Format, int Width, int Height, int Orientation, int Frames);
