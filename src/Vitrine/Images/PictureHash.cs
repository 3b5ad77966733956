namespace Vitrine.Images;

/// <summary>
/// A 256-bit perceptual hash after PDQ (Davis and Rosen, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019):
/// luma, averaged down to 64 × 64, its discrete cosine transform, the 16 × 16 lowest frequencies without the mean row and column,
/// each bit set when its coefficient is above their median. Where PDQ smooths with Jarosz filters before sampling, every cell here is the exact area mean.
/// Similar pictures differ in few of the 256 bits (PDQ's own advice: up to 31); unrelated ones in about 128.
/// </summary>
internal static class PictureHash
{
    private const int Side = 64;
    private const int Frequencies = 16;

    /// <summary>DCT-II rows 1 to 16, row-major 16 × 64, normalised by sqrt(2 / 64) as in PDQ.</summary>
    private static readonly float[] s_cosines = MakeCosines();

    /// <summary>The hash of straight (not premultiplied) eight-bit pixels; transparent parts are seen on white.</summary>
    /// <param name="pixels">Row-major, interleaved.</param>
    /// <param name="width">Pixels, at least 1.</param>
    /// <param name="height">Pixels, at least 1.</param>
    /// <param name="bands">1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.</param>
    /// <returns>32 bytes; bit 0 of byte 0 is the lowest frequency.</returns>
    public static byte[] Compute(ReadOnlySpan<byte> pixels, int width, int height, int bands)
    {
        var luma = new float[Side * Side];
        AverageLuma(pixels, width, height, bands, luma);
        return Threshold(Transform(luma));
    }

    /// <summary>The area mean of each of 64 × 64 cells; a pixel on an edge counts for each cell by its share.</summary>
    private static void AverageLuma(ReadOnlySpan<byte> pixels, int width, int height, int bands, Span<float> luma)
    {
        var row = new float[width];
        Span<float> cells = stackalloc float[Side];
        var cellHeight = (double)height / Side;
        for (var y = 0; y < height; y++)
        {
            ReadLumaRow(pixels.Slice(y * width * bands, width * bands), bands, row);
            AverageRow(row, cells);
            var last = Math.Min(Side - 1, (int)Math.Ceiling((y + 1) / cellHeight) - 1);
            for (var cell = (int)(y / cellHeight); cell <= last; cell++)
            {
                var share = (float)((Math.Min(y + 1, (cell + 1) * cellHeight) - Math.Max(y, cell * cellHeight)) / cellHeight);
                for (var x = 0; x < Side; x++)
                    luma[(cell * Side) + x] += cells[x] * share;
            }
        }
    }

    private static void ReadLumaRow(ReadOnlySpan<byte> pixels, int bands, Span<float> row)
    {
        for (int x = 0, at = 0; x < row.Length; x++, at += bands)
        {
            // The weights of ITU-R BT.601, as PDQ has them.
            var luma = bands < 3 ? pixels[at] : (0.299f * pixels[at]) + (0.587f * pixels[at + 1]) + (0.114f * pixels[at + 2]);
            row[x] = bands is 2 or 4 ? 255 + ((luma - 255) * pixels[at + bands - 1] / 255) : luma;
        }
    }

    private static void AverageRow(ReadOnlySpan<float> row, Span<float> cells)
    {
        var cellWidth = (double)row.Length / Side;
        for (var cell = 0; cell < Side; cell++)
        {
            double from = cell * cellWidth, to = (cell + 1) * cellWidth, sum = 0;
            for (var x = (int)from; x < row.Length && x < to; x++)
                sum += row[x] * (Math.Min(x + 1, to) - Math.Max(x, from));
            cells[cell] = (float)(sum / cellWidth);
        }
    }

    private static float[] Transform(ReadOnlySpan<float> luma)
    {
        Span<float> half = stackalloc float[Frequencies * Side];
        for (var u = 0; u < Frequencies; u++)
        {
            var sums = half.Slice(u * Side, Side);
            for (var y = 0; y < Side; y++)
            {
                var cosine = s_cosines[(u * Side) + y];
                for (var x = 0; x < Side; x++)
                    sums[x] += cosine * luma[(y * Side) + x];
            }
        }
        var result = new float[Frequencies * Frequencies];
        for (var u = 0; u < Frequencies; u++)
        {
            for (var v = 0; v < Frequencies; v++)
            {
                var sum = 0f;
                for (var x = 0; x < Side; x++)
                    sum += half[(u * Side) + x] * s_cosines[(v * Side) + x];
                // Rounding noise of a plain picture must not become bits.
                result[(u * Frequencies) + v] = MathF.Abs(sum) < 0.05f ? 0 : sum;
            }
        }
        return result;
    }

    private static byte[] Threshold(float[] coefficients)
    {
        var sorted = coefficients.Order().ToArray();
        // The lower median, as in PDQ: with ties at the median fewer than half of the bits are set.
        var median = sorted[(sorted.Length / 2) - 1];
        var hash = new byte[coefficients.Length / 8];
        for (var i = 0; i < coefficients.Length; i++)
        {
            if (coefficients[i] > median)
                hash[i >> 3] |= (byte)(1 << (i & 7));
        }
        return hash;
    }

    private static float[] MakeCosines()
    {
        var cosines = new float[Frequencies * Side];
        for (var u = 0; u < Frequencies; u++)
        {
            for (var x = 0; x < Side; x++)
                cosines[(u * Side) + x] = (float)(Math.Sqrt(2.0 / Side) * Math.Cos(Math.PI / (2 * Side) * (u + 1) * ((2 * x) + 1)));
        }
        return cosines;
    }
}
