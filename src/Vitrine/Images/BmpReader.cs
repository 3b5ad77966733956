using System.Buffers.Binary;
using Vitrine.Images.Vips;

namespace Vitrine.Images;

/// <summary>
/// Reads bitmaps of Windows and OS/2, which libvips leaves to ImageMagick (blocked here). 1, 2, 4, 8, 16, 24 and 32 bits; plain, bit fields, run lengths.
/// An alpha channel that is zero everywhere was never filled in: the picture is opaque, as Windows and browsers show it. Layout: <see cref="BmpLayout"/>.
/// </summary>
internal static class BmpReader
{
    /// <param name="head">A file's first bytes.</param>
    public static bool Is(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("BA"u8) && head.Length > BmpLayout.ArrayHeader)
            head = head[BmpLayout.ArrayHeader..];
        return head.Length >= 26 && head.StartsWith("BM"u8) && BinaryPrimitives.ReadUInt32LittleEndian(head[BmpLayout.FileHeader..]) is >= 12 and <= 124;
    }

    /// <summary>Dimensions, without touching the pixels.</summary>
    /// <inheritdoc cref="BmpLayout.Read" path="/exception"/>
    public static PictureHeader ReadHeader(PictureSource source)
    {
        using var input = source.OpenContent();
        var layout = BmpLayout.Read(input);
        return new PictureHeader("bmp", layout.Width, layout.Height, 1, 1);
    }

    /// <summary>How many rows the file has, of how many.</summary>
    /// <inheritdoc cref="BmpLayout.Read" path="/exception"/>
    public static (int Rows, int Height) CountRows(PictureSource source)
    {
        using var input = source.OpenContent();
        var layout = BmpLayout.Read(input);
        input.Position = layout.Offset;
        return (layout.IsPacked ? ReadRuns(input, layout, default) : RowsOf(input, layout), layout.Height);
    }

    /// <summary>The decoded picture. Rows that are missing of one that is opened leniently are black, or transparent if the picture has transparency.</summary>
    /// <exception cref="VipsException">The bitmap is damaged or, unless it is opened leniently, ends too early.</exception>
    public static VipsImage Open(PictureSource source)
    {
        using var input = source.OpenContent();
        var layout = BmpLayout.Read(input);
        var bands = layout.Alpha != 0 ? 4 : 3;
        input.Position = layout.Offset;
        using var pixels = new FileBuffer();
        if ((long)layout.Width * layout.Height * bands > int.MaxValue)
            throw new VipsException("the BMP exceeds the maximum of 2 GiB of pixels");
        // Asked first: a few bytes may promise gigabytes.
        var rows = layout.IsPacked ? layout.Height : RowsOf(input, layout);
        if (rows < layout.Height && !source.IsLenient)
            throw TooShort();
        pixels.Resize(layout.Width * layout.Height * bands);
        pixels.GetSpan().Clear();
        if (!layout.IsPacked)
            ReadRows(input, layout, rows, pixels.GetSpan(), bands);
        else if (ReadRuns(input, layout, pixels.GetSpan()) < layout.Height && !source.IsLenient)
            throw TooShort();
        if (bands == 4)
            MakeOpaqueIfEmpty(pixels.GetSpan());
        return VipsImage.CopyPixels(pixels.Address, pixels.Length, layout.Width, layout.Height, bands);
    }

    private static VipsException TooShort() => new("premature end of BMP pixels");

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

    /// <summary>How many whole rows lie ahead of a picture without run lengths.</summary>
    private static int RowsOf(Stream input, BmpLayout layout) => (int)Math.Clamp((input.Length - input.Position) / layout.RowBytes, 0, layout.Height);

    private static void ReadRows(Stream input, BmpLayout layout, int rows, Span<byte> pixels, int bands)
    {
        var row = new byte[layout.RowBytes];
        for (var y = 0; y < rows; y++)
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
    /// <param name="input">At the first pair.</param>
    /// <param name="layout">Of the picture.</param>
    /// <param name="pixels">Where they go; empty to count them only.</param>
    /// <returns>How many rows there are: all of them also where the end is not marked.</returns>
    private static int ReadRuns(Stream input, BmpLayout layout, Span<byte> pixels)
    {
        int x = 0, y = 0;
        try
        {
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
                    return layout.Height;
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
        catch (EndOfStreamException)
        {
            return Math.Min(layout.Height, x < layout.Width ? y : y + 1);
        }

        return layout.Height;
    }

    private static int Next(Stream input) => input.ReadByte() is var value and >= 0 ? value : throw new EndOfStreamException();

    private static void Put(Span<byte> pixels, BmpLayout layout, int x, int y, int index)
    {
        if (x < layout.Width && y < layout.Height && !pixels.IsEmpty)
            layout.Palette.AsSpan(index * 3, 3).CopyTo(pixels[(((layout.Row(y) * layout.Width) + x) * 3)..]);
    }
}
