using Vitrine.Images.Vips;

namespace Vitrine.Images;

/// <summary>Reads what a picture's header says; no pixel is decoded.</summary>
internal static class PictureHeaders
{
    /// <param name="format">As in <see cref="PictureHeader.Format"/>.</param>
    /// <param name="image">The opened picture, not yet rotated.</param>
    public static PictureHeader Read(string format, VipsImage image)
    {
        var orientation = image.GetInt("orientation", 1);
        if (orientation is < 1 or > 8)
            orientation = 1;
        var (width, height) = orientation >= 5 ? (image.Height, image.Width) : (image.Width, image.Height);
        return new PictureHeader(format, width, height, orientation, Math.Max(1, image.GetInt("n-pages", 1)));
    }
}
