using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Images;
using Vitrine.Images.Vips;
using Xunit;

namespace Vitrine.Tests.Images;

public sealed class BmpReaderTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public void Open_EveryDepth_GivesTheSamePixels()
    {
        // Two rows, bottom first: blue, white / red, green.
        byte[] palette = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0];
        byte[] expected = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];

        Assert.Equal(expected, Pixels(Bmp(4, 0, palette, [0x23, 0, 0, 0, 0x01, 0, 0, 0])));
        Assert.Equal(expected, Pixels(Bmp(8, 0, palette, [2, 3, 0, 0, 0, 1, 0, 0])));
        Assert.Equal(expected, Pixels(Bmp(8, 1, palette, [1, 2, 1, 3, 0, 0, 1, 0, 1, 1, 0, 1])));
        Assert.Equal(expected, Pixels(Bmp(4, 2, palette, [2, 0x23, 0, 0, 2, 0x01, 0, 1])));
        Assert.Equal(expected, Pixels(Bmp(16, 0, [], [0x1F, 0, 0xFF, 0x7F, 0, 0x7C, 0xE0, 3])));
        Assert.Equal(expected, Pixels(Bmp(24, 0, [], [255, 0, 0, 255, 255, 255, 0, 0, 0, 0, 255, 0, 255, 0, 0, 0])));
        Assert.Equal(expected, Pixels(Bmp(32, 0, [], [255, 0, 0, 9, 255, 255, 255, 9, 0, 0, 255, 9, 0, 255, 0, 9])));
        Assert.Equal(expected, Pixels(Bmp(32, 3, [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0],
            [255, 0, 0, 9, 255, 255, 255, 9, 0, 0, 255, 9, 0, 255, 0, 9])));
    }

    [Fact]
    public void Open_OneBitPerPixel_ReadsFromTheHighestBit() =>
        Assert.Equal([9, 9, 9, 200, 200, 200, 200, 200, 200, 9, 9, 9],
            Pixels(Bmp(1, 0, [9, 9, 9, 0, 200, 200, 200, 0], [0x80, 0, 0, 0, 0x40, 0, 0, 0])));

    [Fact]
    public void Open_TwoBitsPerPixel_ReadsFromTheHighestBits() =>
        Assert.Equal([3, 3, 3, 1, 1, 1, 2, 2, 2, 0, 0, 0],
            Pixels(Bmp(2, 0, [0, 0, 0, 0, 1, 1, 1, 0, 2, 2, 2, 0, 3, 3, 3, 0], [0x80, 0, 0, 0, 0xD0, 0, 0, 0])));

    [Theory]
    [InlineData(new byte[] { 1, 2, 3, 0, 4, 5, 6, 0 }, new byte[] { 255, 255 })]
    [InlineData(new byte[] { 1, 2, 3, 0, 4, 5, 6, 7 }, new byte[] { 0, 7 })]
    public void Open_Alpha_IsOpaqueWhereNoPixelHasAny(byte[] row, byte[] alpha)
    {
        byte[] masks = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255];

        var pixels = Pixels(Bmp(32, 6, masks, [.. row, .. row]));

        Assert.Equal([.. alpha, .. alpha], pixels.Where((_, index) => index % 4 == 3));
    }

    [Theory]
    [InlineData(64, 0, true)]
    [InlineData(0, 4, true)]
    [InlineData(24, 5, true)]
    [InlineData(24, 7, false)]
    [InlineData(17, 0, false)]
    public void ReadHeader_WhatIsNotRead_IsToldFromWhatIsDamaged(int bits, int compression, bool isUnsupported)
    {
        var error = Assert.Throws<VipsException>(() => BmpReader.ReadHeader(new PictureSource("bmp", null, Bmp(bits, compression, [], []))));

        Assert.Equal(isUnsupported, error.Message.EndsWith("is not supported", StringComparison.Ordinal));
    }

    [Fact]
    public void CountRows_FileThatEndsEarly_CountsThoseThatAreThere()
    {
        byte[] palette = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0];
        (int Rows, int Height) Rows(int bits, int compression, byte[] rows) => BmpReader.CountRows(new PictureSource("bmp", null, Bmp(bits, compression, palette, rows)));

        Assert.Equal((2, 2), Rows(8, 0, [2, 3, 0, 0, 0, 1, 0, 0]));
        Assert.Equal((1, 2), Rows(8, 0, [2, 3, 0, 0, 0, 1, 0]));
        Assert.Equal((0, 2), Rows(8, 0, []));
        Assert.Equal((1, 2), Rows(8, 1, [1, 2, 1, 3, 0, 0, 1, 0]));
        Assert.Equal((2, 2), Rows(8, 1, [1, 2, 1, 3, 0, 0, 1, 0, 1, 1])); // its end is not marked
        var half = new PictureSource("bmp", null, Bmp(8, 1, palette, [1, 2, 1, 3, 0, 0]));
        Assert.Contains("premature end", Assert.Throws<VipsException>(() => BmpReader.Open(half)).Message, StringComparison.Ordinal);
        using var image = BmpReader.Open(half with { IsLenient = true });
        using var pixels = image.ReadPixels();
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255], pixels.Span.ToArray());
    }

    [Fact]
    public void Open_HeadersOfOs2_AreRead()
    {
        byte[] expected = [200, 40, 40, 200, 40, 40], row = [40, 40, 200, 40, 40, 200, 0, 0];
        var plain = Os2(16, bits: 24, [], row);

        Assert.Equal(expected, Pixels(_pictures.Bytes("os2.bmp", plain)));
        Assert.Equal(expected, Pixels(_pictures.Bytes("os2.bmp", Os2(64, bits: 8, [0, 0, 0, 0, 40, 40, 200, 0], [1, 1, 0, 0]))));
        var array = new byte[14];
        "BA"u8.CopyTo(array);
        BinaryPrimitives.WriteInt32LittleEndian(plain.AsSpan(10), BinaryPrimitives.ReadInt32LittleEndian(plain.AsSpan(10)) + array.Length);
        Assert.Equal(expected, Pixels(_pictures.Bytes("array.bmp", [.. array, .. plain])));
        Assert.Equal("bmp", PictureFormats.FindOrNull([.. array, .. plain]));
    }

    /// <summary>A bitmap of 2 × 1 pixels whose header of OS/2 2.x has so many bytes.</summary>
    private static byte[] Os2(int headerLength, int bits, byte[] palette, byte[] row)
    {
        var header = new byte[14 + headerLength];
        "BM"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(10), header.Length + palette.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(14), headerLength);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(18), 2);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(22), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(28), (short)bits);
        if (headerLength > 32)
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(46), palette.Length / 4);
        return [.. header, .. palette, .. row];
    }

    [Fact]
    public void Open_AnyBytesAfterTheHeader_AreReadOrRefused() => Prop.ForAll<byte[], byte>((rest, choice) =>
    {
        (int Bits, int Compression)[] kinds = [(1, 0), (2, 0), (4, 0), (4, 2), (8, 0), (8, 1), (16, 0), (16, 3), (24, 0), (32, 3), (32, 6)];
        var (bits, compression) = kinds[choice % kinds.Length];
        try
        {
            Pixels(Bmp(bits, compression, [], rest ?? []));
        }
        catch (VipsException)
        {
            return true;
        }
        return true;
    }).QuickCheckThrowOnFailure();

    /// <summary>A bitmap of 2 × 2 pixels.</summary>
    private string Bmp(int bits, int compression, byte[] paletteOrMasks, byte[] rows)
    {
        var header = new byte[54];
        "BM"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(10), 54 + paletteOrMasks.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(18), 2);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(22), 2);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(28), (short)bits);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(30), compression);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(46), bits <= 8 ? paletteOrMasks.Length / 4 : 0);
        return _pictures.Bytes("a.bmp", [.. header, .. paletteOrMasks, .. rows]);
    }

    private static byte[] Pixels(string path)
    {
        using var image = BmpReader.Open(new PictureSource("bmp", null, path));
        using var pixels = image.ReadPixels();
        return pixels.Span.ToArray();
    }
}
