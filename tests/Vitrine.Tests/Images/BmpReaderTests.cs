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
    public void Open_AnyBytesAfterTheHeader_AreReadOrRefused() => Prop.ForAll<byte[], byte>((rest, choice) =>
    {
        (int Bits, int Compression)[] kinds = [(1, 0), (4, 0), (4, 2), (8, 0), (8, 1), (16, 0), (16, 3), (24, 0), (32, 3), (32, 6)];
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
