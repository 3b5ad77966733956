namespace Vitrine.Images;

/// <summary>The mean colour of a picture: what a tile shows before the picture arrives.</summary>
internal static class AverageColour
{
    /// <summary>The mean in sRGB values, each pixel weighted by its opacity; white when nothing is visible.</summary>
    /// <param name="pixels">Row-major, interleaved, straight alpha.</param>
    /// <param name="bands">1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.</param>
    /// <returns>0xRRGGBB.</returns>
    public static int Compute(ReadOnlySpan<byte> pixels, int bands)
    {
        long red = 0, green = 0, blue = 0, weight = 0;
        var hasAlpha = bands is 2 or 4;
        for (var at = 0; at + bands <= pixels.Length; at += bands)
        {
            var opacity = hasAlpha ? pixels[at + bands - 1] : 1;
            red += pixels[at] * opacity;
            green += pixels[bands < 3 ? at : at + 1] * opacity;
            blue += pixels[bands < 3 ? at : at + 2] * opacity;
            weight += opacity;
        }
        return weight == 0 ? 0xFFFFFF : (Mean(red, weight) << 16) | (Mean(green, weight) << 8) | Mean(blue, weight);
    }

    private static int Mean(long sum, long weight) => (int)((sum + (weight / 2)) / weight);
}
