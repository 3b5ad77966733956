namespace Vitrine.Embeddings.Visual;

/// <summary>One picture as luma and two colour differences (ITU-R BT.601), in whole numbers so that every machine gets the same.</summary>
/// <remarks>Not thread-safe: it is working memory, filled again for each picture of a batch.</remarks>
internal sealed class PicturePlanes(int side)
{
    public int Side { get; } = side;

    /// <summary>0 to 255, row-major.</summary>
    public int[] Luma { get; } = new int[side * side];

    /// <summary>-128 to 127, row-major.</summary>
    public int[] Blueness { get; } = new int[side * side];

    /// <summary>-128 to 127, row-major.</summary>
    public int[] Redness { get; } = new int[side * side];

    public void Load(ReadOnlySpan<byte> rgb)
    {
        var luma = Luma;
        var blueness = Blueness;
        var redness = Redness;
        for (int i = 0, at = 0; i < luma.Length; i++, at += 3)
        {
            int red = rgb[at], green = rgb[at + 1], blue = rgb[at + 2];
            luma[i] = ((77 * red) + (150 * green) + (29 * blue) + 128) >> 8;
            blueness[i] = ((-43 * red) - (85 * green) + (128 * blue) + 128) >> 8;
            redness[i] = ((128 * red) - (107 * green) - (21 * blue) + 128) >> 8;
        }
    }
}
