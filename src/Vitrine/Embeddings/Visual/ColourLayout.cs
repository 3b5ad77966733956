namespace Vitrine.Embeddings.Visual;

/// <summary>
/// Where light and colour lie: the lowest frequencies of a cosine transform of an 8 × 8 grid of means, for luma and both colour differences
/// (after the Color Layout Descriptor of MPEG-7, ISO/IEC 15938-3).
/// </summary>
/// <remarks>Not thread-safe: it holds working memory.</remarks>
internal sealed class ColourLayout(int side)
{
    public const int Length = LumaCoefficients + (2 * ColourCoefficients);

    private const int Grid = 8;
    private const int LumaCoefficients = 15;
    private const int ColourCoefficients = 6;

    private readonly int[] _sums = new int[Grid * Grid];
    private readonly long[] _rows = new long[Grid * Grid];

    /// <summary>round(4096 cos((2x + 1) u π / 16)), row u, column x.</summary>
    private static readonly int[] s_cosines = Cosines();

    /// <summary>Order of coefficients, by rising frequency: 8 v + u.</summary>
    private static ReadOnlySpan<byte> Zigzag => [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4];

    public void Describe(PicturePlanes planes, Span<double> result)
    {
        Describe(planes.Luma, result[..LumaCoefficients]);
        Describe(planes.Blueness, result.Slice(LumaCoefficients, ColourCoefficients));
        Describe(planes.Redness, result.Slice(LumaCoefficients + ColourCoefficients, ColourCoefficients));
    }

    private void Describe(int[] plane, Span<double> result)
    {
        var patch = side / Grid;
        Array.Clear(_sums);
        for (var y = 0; y < side; y++)
        {
            var row = plane.AsSpan(y * side, side);
            var sums = _sums.AsSpan(y / patch * Grid, Grid);
            for (var cell = 0; cell < Grid; cell++)
            {
                var sum = 0;
                foreach (var value in row.Slice(cell * patch, patch))
                    sum += value;
                sums[cell] += sum;
            }
        }

        for (var y = 0; y < Grid; y++)
        {
            for (var u = 0; u < Grid; u++)
            {
                long sum = 0;
                for (var x = 0; x < Grid; x++)
                    sum += (long)s_cosines[(u * Grid) + x] * _sums[(y * Grid) + x];
                _rows[(y * Grid) + u] = sum;
            }
        }

        // One mean level of 255 in every cell gives 1 in the first coefficient.
        var scale = 1.0 / (255.0 * patch * patch * Grid * Grid * 4096 * 4096);
        for (var i = 0; i < result.Length; i++)
        {
            int v = Zigzag[i] / Grid, u = Zigzag[i] % Grid;
            long sum = 0;
            for (var y = 0; y < Grid; y++)
                sum += s_cosines[(v * Grid) + y] * _rows[(y * Grid) + u];
            var coefficient = sum * scale;
            result[i] = coefficient < 0 ? -Math.Sqrt(-coefficient) : Math.Sqrt(coefficient);
        }
    }

    /// <summary>Rounded to whole numbers: the last bit of a cosine differs between machines.</summary>
    private static int[] Cosines()
    {
        var cosines = new int[Grid * Grid];
        for (var u = 0; u < Grid; u++)
        {
            for (var x = 0; x < Grid; x++)
                cosines[(u * Grid) + x] = (int)Math.Round(4096 * Math.Cos(((2 * x) + 1) * u * Math.PI / (2 * Grid)));
        }

        return cosines;
    }
}
