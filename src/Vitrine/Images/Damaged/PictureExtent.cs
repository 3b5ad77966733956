using Vitrine.Images.Vips;

namespace Vitrine.Images.Damaged;

/// <summary>How far down a JPEG goes whose decoder fills what is missing with its middle grey.</summary>
internal static class PictureExtent
{
    /// <summary>Each sample of what is missing, also of CMYK, give or take what converting colours rounds.</summary>
    private const int Filler = 128, Tolerance = 2;

    /// <returns>From 0 to 1: rows above those at the bottom that are all of the filler. A lower bound, as a sound picture may end in such rows too.</returns>
    public static double Of(VipsPixels pixels)
    {
        var rowBytes = pixels.Width * pixels.Bands;
        var rows = pixels.Height;
        while (rows > 0 && !pixels.Span.Slice((rows - 1) * rowBytes, rowBytes).ContainsAnyExceptInRange((byte)(Filler - Tolerance), (byte)(Filler + Tolerance)))
            rows--;
        return rows / (double)pixels.Height;
    }
}
