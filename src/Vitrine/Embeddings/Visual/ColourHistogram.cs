namespace Vitrine.Embeddings.Visual;

/// <summary>
/// Which colours there are, wherever they lie: shares of hue at three levels of luma, and of grey at four, over means of 2 × 2 pixels.
/// A colour between two hues or levels is shared between both, so that a slight change moves slightly.
/// </summary>
/// <remarks>Not thread-safe: it holds working memory.</remarks>
internal sealed class ColourHistogram(int side)
{
    public const int Length = (HueLevels * Directions.Count) + GreyLevels;

    private const int HueLevels = 3;
    private const int GreyLevels = 4;

    /// <summary>Fixed-point 1.</summary>
    private const int Whole = 1024;

    /// <summary>Chroma from which a colour counts as fully coloured: 32 of 128, times four pixels, times the cross product of two directions.</summary>
    private const long FullChroma = 32 * 4 * 98;

    private readonly long[] _shares = new long[Length];

    public void Describe(PicturePlanes planes, Span<double> result)
    {
        Array.Clear(_shares);
        int[] luma = planes.Luma, blueness = planes.Blueness, redness = planes.Redness;
        for (var y = 0; y < side; y += 2)
        {
            for (var x = 0; x < side; x += 2)
            {
                int a = (y * side) + x, b = a + 1, c = a + side, d = c + 1;
                Add(
                    luma[a] + luma[b] + luma[c] + luma[d],
                    blueness[a] + blueness[b] + blueness[c] + blueness[d],
                    redness[a] + redness[b] + redness[c] + redness[d]);
            }
        }

        double pixels = (long)side * side / 4 * Whole * Whole;
        for (var i = 0; i < Length; i++)
            result[i] = Math.Sqrt(_shares[i] / pixels);
    }

    /// <summary>Adds one patch; values are sums of four pixels.</summary>
    private void Add(int luma, int blueness, int redness)
    {
        // Squared, so that the square root at the end rises evenly with chroma: the faint tints of a grey picture change with every compression.
        var (sector, along, towards) = Split(blueness, redness);
        long chroma = along + towards;
        var seen = Math.Min(chroma, FullChroma);
        var coloured = (int)(seen * seen * Whole / (FullChroma * FullChroma));
        var first = chroma == 0 ? 0 : (int)(coloured * along / chroma);
        var second = coloured - first;
        var grey = Whole - coloured;

        // Luma is 0 to 1020.
        var level = luma * (HueLevels - 1) * Whole / 1021;
        int lower = level / Whole, upperShare = level % Whole, lowerShare = Whole - upperShare;
        var next = (sector + 1) % Directions.Count;
        var hues = _shares.AsSpan(lower * Directions.Count, 2 * Directions.Count);
        hues[sector] += first * lowerShare;
        hues[next] += second * lowerShare;
        hues[Directions.Count + sector] += first * upperShare;
        hues[Directions.Count + next] += second * upperShare;

        var greyLevel = luma * (GreyLevels - 1) * Whole / 1021;
        var greys = _shares.AsSpan((HueLevels * Directions.Count) + (greyLevel / Whole), 2);
        greys[0] += grey * (Whole - (greyLevel % Whole));
        greys[1] += grey * (greyLevel % Whole);
    }

    private static (int Sector, int Along, int Towards) Split(int x, int y)
    {
        var sector = y < 0 || (y == 0 && x < 0) ? Directions.Count / 2 : 0;
        for (var step = 4; step > 0; step /= 2)
        {
            if (Cross(sector + step, x, y) >= 0)
                sector += step;
        }

        return (sector, -Cross((sector + 1) % Directions.Count, x, y), Cross(sector, x, y));
    }

    private static int Cross(int direction, int x, int y) => (Directions.X[direction] * y) - (Directions.Y[direction] * x);
}
