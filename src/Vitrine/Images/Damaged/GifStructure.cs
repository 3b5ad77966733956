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

    /// <summary>Where the first picture begins whose description is whole; null when there is none.</summary>
    public static int? FirstPictureOrNull(ReadOnlySpan<byte> file)
    {
        for (var at = file.Length < 13 ? file.Length : 13 + PaletteLength(file[10]); at + 10 < file.Length && file[at] is 0x21 or 0x2C; at = SubBlocksEnd(file, at + 2))
        {
            if (file[at] == 0x2C)
                return at;
        }

        return null;
    }

    /// <summary>Where the code size of a picture stands, before its sub-blocks.</summary>
    public static int CodeSizeAt(ReadOnlySpan<byte> file, int picture) => picture + 10 + PaletteLength(file[picture + 9]);

    /// <summary>The warning for a file that ends before its end marker, of which the first picture is whole; null for any other file.</summary>
    public static string? LostEndOrNull(ReadOnlySpan<byte> file)
    {
        var (pictures, isAnimated) = (0, false);
        for (var at = file.Length < 13 ? file.Length : 13 + PaletteLength(file[10]); at < file.Length;)
        {
            if (file[at] is not (0x21 or 0x2C))
                return null;
            // Before each frame of an animation there is how long it is shown: the extension F9.
            var isPicture = file[at] == 0x2C;
            isAnimated |= pictures > 0 && (isPicture || (at + 1 < file.Length && file[at + 1] == 0xF9));
            pictures += isPicture ? 1 : 0;
            at = !isPicture ? SubBlocksEnd(file, at + 2) : at + 10 < file.Length ? SubBlocksEnd(file, CodeSizeAt(file, at) + 1) : file.Length;
        }

        return pictures == 0 ? null : isAnimated ? RepairedPicture.OnlyLaterFrames : RepairedPicture.OnlyItsEnd;
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
