using System.Buffers.Binary;

namespace Vitrine.Images.Damaged;

/// <summary>
/// Counts the pixels of a GIF's picture without making them.
/// <code>
/// sub-blocks  one stream of codes, the lowest bit first, at first of code size + 1 bits
/// codes       below 2^size: one pixel; 2^size: begin anew; 2^size + 1: end; each above stands for what the code before it stands for and one pixel more
/// width       one bit more with each code that is made and needs it, up to 12
/// </code>
/// Source: GIF89a specification, appendix F.
/// </summary>
internal static class GifPixels
{
    private const int Codes = 4096, LongestCode = 12;

    /// <param name="file">All of it.</param>
    /// <param name="picture">Where the picture begins, with its whole description.</param>
    /// <returns>How many of the picture's pixels there are, from 0 to 1; where the last sub-block that has some of them begins; and where they end.</returns>
    public static (double Share, int Block, int End) Measure(ReadOnlySpan<byte> file, int picture)
    {
        var total = (long)BinaryPrimitives.ReadUInt16LittleEndian(file[(picture + 5)..]) * BinaryPrimitives.ReadUInt16LittleEndian(file[(picture + 7)..]);
        var at = GifStructure.CodeSizeAt(file, picture);
        if (total == 0 || at >= file.Length || file[at] is < 1 or >= LongestCode)
            return (0, 0, 0);
        var clear = 1 << file[at++];
        Span<int> lengths = stackalloc int[Codes];
        lengths[..clear].Fill(1);
        var (width, next, last, pixels) = (WidthOf(clear), clear + 2, -1, 0L);
        var (bits, held, left, block) = (0u, 0, 0, at);
        while (pixels < total)
        {
            while (held < width)
            {
                if (left == 0 && at < file.Length && file[at] != 0)
                    (block, left, at) = (at, file[at], at + 1);
                if (left == 0 || at >= file.Length)
                    return (pixels / (double)total, block, at);
                bits |= (uint)file[at++] << held;
                (held, left) = (held + 8, left - 1);
            }

            var code = (int)(bits & ((1u << width) - 1));
            (bits, held) = (bits >> width, held - width);
            if (code == clear)
            {
                (width, next, last) = (WidthOf(clear), clear + 2, -1);
                continue;
            }

            if (code == clear + 1 || code > next || (last < 0 && code > clear))
                return (pixels / (double)total, block, Math.Max(block, at - ((width + 7) / 8) - 1));
            if (last >= 0 && next < Codes)
            {
                lengths[next++] = lengths[last] + 1;
                if (next == 1 << width && width < LongestCode)
                    width++;
            }

            pixels += lengths[code];
            last = code;
        }

        return (1, block, at);
    }

    /// <summary>Of the first codes after a beginning.</summary>
    private static int WidthOf(int clear) => System.Numerics.BitOperations.Log2((uint)clear) + 1;
}
