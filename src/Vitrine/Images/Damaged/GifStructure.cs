namespace Vitrine.Images.Damaged;

/// <summary>
/// The blocks of a GIF up to its first picture.
/// <code>
/// header      6 bytes, u16 width, u16 height, u8 flags (0x80: a palette of 3 × 2^(1 + low 3 bits) bytes follows the header), 2 bytes
/// extension   0x21, a kind, sub-blocks: u8 length and so many bytes each, until a length of 0
/// picture     0x2C, 4 × u16, flags as above, its palette, u8 code size, sub-blocks
/// end         0x3B
/// </code>
/// Source: GIF89a specification, 18 to 27.
/// </summary>
internal static class GifStructure
{
    public static StructureFault? FaultOrNull(ReadOnlySpan<byte> file)
    {
        if (file.Length < 13)
            return StructureFault.Cut("the header of the GIF");
        for (var at = 13 + PaletteLength(file[10]); at < file.Length;)
        {
            switch (file[at])
            {
                case 0x21:
                    at = SubBlocksEnd(file, at + 2);
                    break;
                case 0x2C when at + 10 < file.Length:
                    return SubBlocksEnd(file, at + 11 + PaletteLength(file[at + 9])) > file.Length ? StructureFault.Cut("the first picture of the GIF") : null;
                case 0x2C:
                    return StructureFault.Cut("the first picture of the GIF");
                case 0x3B:
                    return StructureFault.Wrong("the GIF has no picture");
                default:
                    return StructureFault.Wrong("what stands where a block of the GIF was due is no block");
            }
        }

        return StructureFault.Cut("the GIF, before its first picture");
    }

    private static int PaletteLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    /// <returns>Behind the end of the file where it is missing.</returns>
    private static int SubBlocksEnd(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length && file[at] != 0)
            at += file[at] + 1;
        return at + 1;
    }
}
