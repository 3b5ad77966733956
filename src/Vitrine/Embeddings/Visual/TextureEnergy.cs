namespace Vitrine.Embeddings.Visual;

/// <summary>
/// How fine and how rough the picture is: strength of horizontal, vertical and diagonal Haar details at three scales, each as the square root
/// of its share of all detail.
/// </summary>
/// <remarks>Sums are integers. Not thread-safe: it holds working memory.</remarks>
internal sealed class TextureEnergy(int side)
{
    public const int Length = Scales * Kinds;

    private const int Scales = 3;
    private const int Kinds = 3;

    private readonly int[] _halved = new int[side * side / 4];
    private readonly int[] _quartered = new int[side * side / 16];
    private readonly int[] _eighths = new int[side * side / 64];

    public void Describe(PicturePlanes planes, Span<double> result)
    {
        Details(planes.Luma, side, _halved, result[..Kinds]);
        Details(_halved, side / 2, _quartered, result.Slice(Kinds, Kinds));
        Details(_quartered, side / 4, _eighths, result[(2 * Kinds)..]);

        // A grey level per pixel is added, so that the noise of a plain picture does not count as texture.
        double whole = side * side;
        foreach (var strength in result)
            whole += strength;
        foreach (ref var strength in result)
            strength = Math.Sqrt(strength / whole);
    }

    /// <summary>
    /// One Haar step: sums of 2 × 2 pixels go to <paramref name="sums"/>, the strengths of their differences to <paramref name="strengths"/>.
    /// Sums are not divided: each scale has four times larger values and four times fewer of them, so that all scales weigh alike.
    /// </summary>
    private static void Details(ReadOnlySpan<int> plane, int width, Span<int> sums, Span<double> strengths)
    {
        long horizontal = 0, vertical = 0, diagonal = 0;
        for (int y = 0, at = 0; y < width; y += 2)
        {
            var upper = plane.Slice(y * width, width);
            var lower = plane.Slice((y + 1) * width, width);
            for (var x = 0; x < width; x += 2)
            {
                int a = upper[x], b = upper[x + 1], c = lower[x], d = lower[x + 1];
                sums[at++] = a + b + c + d;
                horizontal += Math.Abs(a + c - b - d);
                vertical += Math.Abs(a + b - c - d);
                diagonal += Math.Abs(a + d - b - c);
            }
        }

        strengths[0] = horizontal;
        strengths[1] = vertical;
        strengths[2] = diagonal;
    }
}
