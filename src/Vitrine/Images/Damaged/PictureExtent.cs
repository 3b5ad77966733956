using Vitrine.Images.Vips;

namespace Vitrine.Images.Damaged;

/// <summary>How far down a picture goes whose decoder fills what is missing with one colour.</summary>
internal static class PictureExtent
{
    /// <returns>From 0 to 1: rows above those at the bottom that are all of the same one colour. A lower bound, as a sound picture may end in such rows too.</returns>
    public static double Of(VipsPixels pixels)
    {
        var rowBytes = pixels.Width * pixels.Bands;
        var last = pixels.Span.Slice((pixels.Height - 1) * rowBytes, rowBytes);
        if (last[pixels.Bands..].SequenceEqual(last[..^pixels.Bands]) is false)
            return 1;
        var rows = pixels.Height - 1;
        while (rows > 0 && pixels.Span.Slice((rows - 1) * rowBytes, rowBytes).SequenceEqual(last))
            rows--;
        return rows / (double)pixels.Height;
    }
}
