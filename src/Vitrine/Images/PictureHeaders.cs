using Vitrine.Images.Vips;

namespace Vitrine.Images;

/// <summary>Reads what a picture's header says; no pixel is decoded.</summary>
internal static class PictureHeaders
{
    /// <param name="source">Where the picture is.</param>
    /// <param name="image">The same picture, opened, not yet rotated.</param>
    public static PictureHeader Read(PictureSource source, VipsImage image)
    {
        var orientation = image.GetInt("orientation", 1);
        if (orientation is < 1 or > 8)
            orientation = 1;
        var (width, height) = orientation >= 5 ? (image.Height, image.Width) : (image.Width, image.Height);
        var frames = source is { Format: "png", Content: { } content } ? PngAnimation.FramesOf(content.GetSpan()) : Math.Max(1, image.GetInt("n-pages", 1));
        return new PictureHeader(source.Format, width, height, orientation, frames);
    }
}
