using System.Buffers.Binary;
using Vitrine.Images.Vips;

namespace Vitrine.Images;

/// <summary>
/// Reads bitmaps of Windows and OS/2, which libvips leaves to ImageMagick (blocked here). 1, 2, 4, 8, 16, 24 and 32 bits; plain, bit fields, run lengths.
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
/// An alpha channel that is zero everywhere was never filled in: the picture is opaque, as Windows and browsers show it.
/// </summary>
internal static class BmpReader
{
    private const int FileHeader = 14, ArrayHeader = 14;
    private const int RunLength8 = 1, RunLength4 = 2, BitFields = 3, AlphaBitFields = 6;

    /// <param name="head">A file's first bytes.</param>
    public static bool Is(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("BA"u8) && head.Length > ArrayHeader)
            head = head[ArrayHeader..];
        return head.Length >= 26 && head.StartsWith("BM"u8) && BinaryPrimitives.ReadUInt32LittleEndian(head[FileHeader..]) is >= 12 and <= 124;
    }

    /// <summary>Dimensions, without touching the pixels.</summary>
    /// <exception cref="VipsException">The header is damaged.</exception>
    public static PictureHeader ReadHeader(PictureSource source)
    {
        using var input = source.OpenContent();
        var layout = ReadLayout(input);
        return new PictureHeader("bmp", layout.Width, layout.Height, 1, 1);
    }

    /// <summary>The decoded picture.</summary>
    /// <exception cref="VipsException">The bitmap is damaged or ends too early.</exception>
    public static VipsImage Open(PictureSource source)
    {
        using var input = source.OpenContent();
        var layout = ReadLayout(input);
        var bands = layout.Alpha != 0 ? 4 : 3;
        input.Position = layout.Offset;
        using var pixels = new FileBuffer();
        if ((long)layout.Width * layout.Height * bands > int.MaxValue)
            throw new VipsException("the BMP exceeds the maximum of 2 GiB of pixels");
        pixels.Resize(layout.Width * layout.Height * bands);
        pixels.GetSpan().Clear();
        try
        {
            if (layout.Compression is RunLength8 or RunLength4)
                ReadRuns(input, layout, pixels.GetSpan());
            else
                ReadRows(input, layout, pixels.GetSpan(), bands);
        }
        catch (EndOfStreamException)
        {
            throw new VipsException("premature end of BMP pixels");
        }
        if (bands == 4)
            MakeOpaqueIfEmpty(pixels.GetSpan());
        return VipsImage.CopyPixels(pixels.Address, pixels.Length, layout.Width, layout.Height, bands);
    }

    private static void MakeOpaqueIfEmpty(Span<byte> rgba)
    {
        for (var at = 3; at < rgba.Length; at += 4)
        {
            if (rgba[at] != 0)
                return;
        }

        for (var at = 3; at < rgba.Length; at += 4)
            rgba[at] = 0xFF;
    }

    private static Layout ReadLayout(Stream input)
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
        return new Layout((int)width, (int)Math.Abs(height), height < 0, bits, compression, U32(10),
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

    private static void ReadRows(Stream input, Layout layout, Span<byte> pixels, int bands)
    {
        var row = new byte[((((long)layout.Width * layout.Bits) + 31) / 32 * 4)];
        for (var y = 0; y < layout.Height; y++)
        {
            input.ReadExactly(row);
            var to = pixels.Slice(layout.Row(y) * layout.Width * bands, layout.Width * bands);
            for (var x = 0; x < layout.Width; x++)
            {
                if (layout.Bits <= 8)
                {
                    var perByte = 8 / layout.Bits;
                    var index = (row[x / perByte] >> (8 - (layout.Bits * ((x % perByte) + 1)))) & ((1 << layout.Bits) - 1);
                    layout.Palette.AsSpan(index * 3, 3).CopyTo(to[(x * bands)..]);
                    continue;
                }
                var value = layout.Bits switch
                {
                    16 => BinaryPrimitives.ReadUInt16LittleEndian(row.AsSpan(x * 2)),
                    24 => (uint)(row[x * 3] | (row[(x * 3) + 1] << 8) | (row[(x * 3) + 2] << 16)),
                    _ => BinaryPrimitives.ReadUInt32LittleEndian(row.AsSpan(x * 4)),
                };
                to[x * bands] = Sample(value, layout.Red);
                to[(x * bands) + 1] = Sample(value, layout.Green);
                to[(x * bands) + 2] = Sample(value, layout.Blue);
                if (bands == 4)
                    to[(x * bands) + 3] = Sample(value, layout.Alpha);
            }
        }
    }

    private static byte Sample(uint value, uint mask)
    {
        if (mask == 0)
            return 0;
        var shift = System.Numerics.BitOperations.TrailingZeroCount(mask);
        return (byte)((ulong)((value & mask) >> shift) * 255 / (mask >> shift));
    }

    /// <summary>Pairs of (count, value); count 0 is an escape: 0 end of row, 1 end of picture, 2 move by (x, y), else so many literal pixels.</summary>
    private static void ReadRuns(Stream input, Layout layout, Span<byte> pixels)
    {
        int x = 0, y = 0;
        while (y < layout.Height)
        {
            int count = Next(input), value = Next(input);
            if (count > 0)
            {
                for (var i = 0; i < count; i++)
                    Put(pixels, layout, x++, y, layout.Bits == 8 ? value : (i & 1) == 0 ? value >> 4 : value & 15);
            }
            else if (value == 0)
            {
                (x, y) = (0, y + 1);
            }
            else if (value == 1)
            {
                return;
            }
            else if (value == 2)
            {
                x += Next(input);
                y += Next(input);
            }
            else
            {
                var bytes = new byte[((layout.Bits == 8 ? value : (value + 1) / 2) + 1) & ~1];
                input.ReadExactly(bytes);
                for (var i = 0; i < value; i++)
                    Put(pixels, layout, x++, y, layout.Bits == 8 ? bytes[i] : (i & 1) == 0 ? bytes[i / 2] >> 4 : bytes[i / 2] & 15);
            }
        }
    }

    private static int Next(Stream input) => input.ReadByte() is var value and >= 0 ? value : throw new EndOfStreamException();

    private static void Put(Span<byte> pixels, Layout layout, int x, int y, int index)
    {
        if (x < layout.Width && y < layout.Height)
            layout.Palette.AsSpan(index * 3, 3).CopyTo(pixels[(((layout.Row(y) * layout.Width) + x) * 3)..]);
    }

    private sealed record Layout(int Width, int Height, bool TopFirst, int Bits, int Compression, long Offset,
        uint Red, uint Green, uint Blue, uint Alpha, byte[] Palette)
    {
        /// <summary>Where a row of the file lies in the picture.</summary>
        public int Row(int y) => TopFirst ? y : Height - 1 - y;
    }
}
