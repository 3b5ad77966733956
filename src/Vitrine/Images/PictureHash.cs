namespace Vitrine.Images;

/// <summary>
/// A 256-bit perceptual hash after PDQ (Davis and Rosen, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019):
/// luma, averaged down to 64 × 64, its discrete cosine transform, the 16 × 16 lowest frequencies without the mean row and column,
/// each bit set when its coefficient is above their median. Where PDQ smooths with Jarosz filters before sampling, every cell here is the exact area mean.
/// Similar pictures differ in few of the 256 bits (PDQ's own advice: up to 31); unrelated ones in about 128.
/// </summary>
internal static class PictureHash
{
    private const int Frequencies = 16;

    /// <summary>DCT-II rows 1 to 16, row-major 16 × 64, normalised by sqrt(2 / 64) as in PDQ.</summary>
    private static readonly float[] s_cosines = MakeCosines();

    /// <summary>Cells per side of the picture that is hashed.</summary>
    public const int Side = 64;

    /// <summary>The hash of a picture of <see cref="Side"/> × <see cref="Side"/> cells.</summary>
    /// <returns>32 bytes; bit 0 of byte 0 is the lowest frequency.</returns>
    public static byte[] Compute(AreaMeans picture)
    {
        var luma = new float[Side * Side];
        picture.ReadLuma(luma);
        return Threshold(Transform(luma));
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
