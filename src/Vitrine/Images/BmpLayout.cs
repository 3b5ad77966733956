using System.Buffers.Binary;
using Vitrine.Images.Vips;

namespace Vitrine.Images;

/// <summary>
/// What a bitmap's headers say.
/// <code>
/// array header  14 bytes  "BA", u32 own size, u32 offset of the next, 2 × u16 screen; the first bitmap follows; only where there are several
/// file header   14 bytes  "BM", u32 file size, u32 reserved, u32 offset of the pixels from the beginning of the file
/// info header   12 (core: u16 width and height), 16…64 (OS/2 2.x: cut off anywhere, what is missing is 0) or 40…124 bytes: u32 own size,
///               i32 width, i32 height (negative: top row first), u16 planes, u16 bits per pixel, u32 compression (0 none, 1 RLE8, 2 RLE4,
///               3 bit fields, 6 bit fields with alpha), u32 image size, 2 × i32 resolution, u32 colours in the palette, u32 important ones
/// masks         3 or 4 × u32, at byte 54: after a header of 40 bytes, or part of a longer one
/// palette       colours × BGR0 (core: BGR)
/// pixels        rows of ceil(width × bits / 32) × 4 bytes, the bottom row first
/// </code>
/// </summary>
internal sealed record BmpLayout(
    int Width, int Height, bool TopFirst, int Bits, int Compression, long Offset, uint Red, uint Green, uint Blue, uint Alpha, byte[] Palette)
{
    public const int FileHeader = 14, ArrayHeader = 14;
    private const int RunLength8 = 1, RunLength4 = 2, BitFields = 3, AlphaBitFields = 6;

    /// <summary>Whether its pixels are run lengths: its rows have no length of their own.</summary>
    public bool IsPacked => Compression is RunLength8 or RunLength4;

    public long RowBytes => (((long)Width * Bits) + 31) / 32 * 4;

    /// <summary>Where a row of the file lies in the picture.</summary>
    public int Row(int y) => TopFirst ? y : Height - 1 - y;

    /// <exception cref="VipsException">The header is damaged, or of a kind that is not read here.</exception>
    public static BmpLayout Read(Stream input)
    {
        var head = new byte[FileHeader + 124];
        var got = input.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var start = head.AsSpan().StartsWith("BA"u8) ? ArrayHeader : 0;
        if (start > 0)
        {
            input.Position = start;
            got = input.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }

        // What lies behind the information header is no part of it, even where a longer one would have it.
        var size = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(FileHeader));
        var isOs2 = size is >= 16 and < 40 or 64;
        uint U32(int at) => isOs2 && at >= FileHeader + size ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(at));
        int U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(at));

        var isCore = size == 12;
        var (width, height) = isCore ? (U16(18), U16(20)) : ((long)(int)U32(18), (long)(int)U32(22));
        var bits = U16(isCore ? 24 : 28);
        var compression = isCore ? 0 : (int)U32(30);
        // 64 bits; a JPEG, a PNG or CMYK within; of OS/2, what a fax machine sends, and runs of 24 bits.
        if (bits == 64 || compression is 4 or 5 or 11 or 12 or 13 || (isOs2 && compression == BitFields))
            throw new VipsException($"a BMP of {bits} bits with compression {compression} is not supported");
        if (got < FileHeader + size || width is < 1 or > 1 << 20 || Math.Abs(height) is < 1 or > 1 << 20
            || bits is not (1 or 2 or 4 or 8 or 16 or 24 or 32) || compression is not (0 or RunLength8 or RunLength4 or BitFields or AlphaBitFields) || (isOs2 && compression > RunLength4)
            || (compression == RunLength8 && bits != 8) || (compression == RunLength4 && bits != 4))
        {
            throw new VipsException($"bad BMP header: {width} x {height}, {bits} bits, compression {compression}");
        }

        var hasMasks = compression is BitFields or AlphaBitFields;
        var masks = hasMasks ? (U32(54), U32(58), U32(62), size >= 56 || compression == AlphaBitFields ? U32(66) : 0)
            : bits == 16 ? (0x7C00u, 0x03E0u, 0x001Fu, 0u) : (0xFF0000u, 0xFF00u, 0xFFu, 0u);
        var paletteAt = start + FileHeader + (int)size + (hasMasks && size == 40 ? (compression == AlphaBitFields ? 16 : 12) : 0);
        var colours = bits > 8 ? 0 : isCore || U32(46) == 0 ? 1 << bits : (int)Math.Min(U32(46), 1u << bits);
        return new BmpLayout((int)width, (int)Math.Abs(height), height < 0, bits, compression, U32(10),
            masks.Item1, masks.Item2, masks.Item3, masks.Item4, ReadPalette(input, paletteAt, colours, isCore ? 3 : 4));
    }

    private static byte[] ReadPalette(Stream input, int at, int colours, int stride)
    {
        var raw = new byte[colours * stride];
        input.Position = at;
        if (input.ReadAtLeast(raw, raw.Length, throwOnEndOfStream: false) < raw.Length)
            throw new VipsException("premature end of BMP palette");
        var rgb = new byte[256 * 3];
        for (var i = 0; i < colours; i++)
            (rgb[i * 3], rgb[(i * 3) + 1], rgb[(i * 3) + 2]) = (raw[(i * stride) + 2], raw[(i * stride) + 1], raw[i * stride]);
        return rgb;
    }
}
