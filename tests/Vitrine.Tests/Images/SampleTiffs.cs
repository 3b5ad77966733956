using System.Buffers.Binary;

namespace Vitrine.Tests.Images;

/// <summary>TIFFs that libvips does not read and other programs do: built byte by byte, as no saver here makes them. All are red.</summary>
internal static class SampleTiffs
{
    private const int Short = 3, Long = 4;

    /// <summary>What <c>xz</c> makes of 1,200 times the bytes 255, 0, 0.</summary>
    private const string XzOfRed = "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4A4PABtdAH+ALv/C3/9//UgWC/FElBCpVLVgjO15i4+nAAAA/ZXvCaKpQQgAATeQHAAAAP8s4xGxxGf7AgAAAAAEWVo=";

    /// <summary>CIELAB, 8 bits: L from 0 to 255, a and b signed.</summary>
    public static byte[] Lab(int width = 40, int height = 30, int rows = int.MaxValue) => Of(
        [Repeat([136, 80, 67], width * Math.Min(height, rows))], isTiled: false,
        (256, Long, [(uint)width]), (257, Long, [(uint)height]), (258, Short, [8, 8, 8]), (259, Short, [1]), (262, Short, [8]), (277, Short, [3]), (278, Long, [(uint)height]));

    /// <summary>A plane for each sample, in tiles.</summary>
    public static byte[] TiledPlanes() => Of(
        [.. new byte[] { 255, 255, 0, 0, 0, 0 }.Select(value => Repeat([value], 16 * 16))], isTiled: true,
        (256, Short, [32]), (257, Short, [16]), (258, Short, [8, 8, 8]), (259, Short, [1]), (262, Short, [2]), (277, Short, [3]), (284, Short, [2]), (322, Short, [16]), (323, Short, [16]));

    /// <summary>Two pixels in nine bytes.</summary>
    public static byte[] TwelveBits() => Of(
        [Repeat([0xFF, 0xF0, 0x00, 0x00, 0x0F, 0xFF, 0x00, 0x00, 0x00], 20 * 30)], isTiled: false,
        (256, Short, [40]), (257, Short, [30]), (258, Short, [12, 12, 12]), (259, Short, [1]), (262, Short, [2]), (277, Short, [3]), (278, Short, [30]));

    public static byte[] ZStandard() => Packed(50_000, ZStandardFrame);

    public static byte[] Lzma() => Packed(34_925, Convert.FromBase64String(XzOfRed));

    /// <summary>The first page is not packed.</summary>
    public static byte[] ZStandardOnTheSecondPage()
    {
        var at = Strips(Repeat([255, 0, 0], 40 * 30), 40).Length;
        var (second, place) = Directory([.. PackedFields(50_000), (273, Long, [8]), (279, Long, [100])], at);
        return [.. Strips(Repeat([255, 0, 0], 40 * 30), 40, nextPage: (uint)place), .. second];
    }

    public static byte[] WithoutPhotometric() => Of(
        [Repeat([255, 0, 0], 40 * 30)], isTiled: false,
        (256, Short, [40]), (257, Short, [30]), (258, Short, [8, 8, 8]), (259, Short, [1]), (277, Short, [3]), (278, Short, [30]));

    /// <param name="jpeg">A whole JPEG of 40 × 30, subsampled by two.</param>
    public static byte[] OldStyleJpeg(byte[] jpeg) => Of(
        [jpeg], isTiled: false,
        (256, Short, [40]), (257, Short, [30]), (258, Short, [8, 8, 8]), (259, Short, [6]), (262, Short, [6]), (277, Short, [3]), (278, Short, [30]),
        (513, Long, [8]), (514, Long, [(uint)jpeg.Length]), (530, Short, [2, 2]));

    /// <summary>Its directory comes first, so that a cut costs pixels only. 16 rows to a strip.</summary>
    /// <param name="rgb">Row-major, 8 bits.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="isDeep">Whether it has 16 bits, deflated.</param>
    /// <param name="nextPage">Where the next directory is said to be; 0 for nowhere.</param>
    public static byte[] Strips(ReadOnlySpan<byte> rgb, int width, bool isDeep = false, uint nextPage = 0)
    {
        const int Rows = 16;
        var strips = new List<byte[]>();
        for (var at = 0; at < rgb.Length; at += width * 3 * Rows)
        {
            var strip = rgb[at..Math.Min(rgb.Length, at + (width * 3 * Rows))].ToArray();
            strips.Add(isDeep ? Metadata.PictureFiles.Deflate([.. strip.SelectMany(sample => new byte[] { 0, sample })]) : strip);
        }

        uint[] depth = isDeep ? [16, 16, 16] : [8, 8, 8];
        (int Tag, int Type, uint[] Values)[] fields =
        [
            (256, Long, [(uint)width]), (257, Long, [(uint)(rgb.Length / 3 / width)]), (258, Short, depth), (259, Short, [isDeep ? 8u : 1u]), (262, Short, [2]),
            (277, Short, [3]), (278, Short, [Rows]), (279, Long, [.. strips.Select(strip => (uint)strip.Length)]),
        ];
        List<uint> offsets = [.. strips.Select(_ => 0u)];
        var next = (uint)(8 + Directory([.. fields, (273, Long, [.. offsets])], 8, nextPage).Bytes.Count);
        for (var i = 0; i < strips.Count; i++)
            (offsets[i], next) = (next, next + (uint)strips[i].Length);
        var (directory, place) = Directory([.. fields, (273, Long, [.. offsets])], 8, nextPage);
        return [(byte)'I', (byte)'I', 42, 0, .. Number(Long, (uint)place), .. directory, .. strips.SelectMany(strip => strip)];
    }

    private static byte[] Packed(uint compression, byte[] strip) => Of([strip], isTiled: false, PackedFields(compression));

    private static (int Tag, int Type, uint[] Values)[] PackedFields(uint compression) =>
        [(256, Short, [40]), (257, Short, [30]), (258, Short, [8, 8, 8]), (259, Short, [compression]), (262, Short, [2]), (277, Short, [3]), (278, Short, [30])];

    /// <summary>One block that is stored: magic number, a single segment whose length less 256 has two bytes, then the block's length × 8 + 1 for the last one (RFC 8878, 3.1.1).</summary>
    private static byte[] ZStandardFrame =>
        [0x28, 0xB5, 0x2F, 0xFD, 0x60, .. Number(Short, 3_600 - 256), .. Number(Long, (3_600 << 3) + 1)[..3], .. Repeat([255, 0, 0], 40 * 30)];

    /// <summary>Header, strips or tiles from byte 8 on, values that need more than four bytes, directory.</summary>
    private static byte[] Of(byte[][] parts, bool isTiled, params (int Tag, int Type, uint[] Values)[] fields)
    {
        var pixels = new List<byte>();
        var offsets = new List<uint>();
        foreach (var part in parts)
        {
            offsets.Add(8 + (uint)pixels.Count);
            pixels.AddRange(part);
        }

        (int Tag, int Type, uint[] Values)[] all =
        [
            .. fields, (isTiled ? 324 : 273, Long, [.. offsets]), (isTiled ? 325 : 279, Long, [.. parts.Select(part => (uint)part.Length)]),
        ];
        var (directory, place) = Directory(all, 8 + pixels.Count);
        return [(byte)'I', (byte)'I', 42, 0, .. Number(Long, (uint)place), .. pixels, .. directory];
    }

    /// <returns>Values that need more than four bytes, then the directory; and where that one begins.</returns>
    private static (List<byte> Bytes, int Place) Directory((int Tag, int Type, uint[] Values)[] all, int at, uint nextPage = 0)
    {
        var heap = new List<byte>();
        var directory = new List<byte>(Number(Short, (uint)all.Length));
        foreach (var (tag, type, values) in all.OrderBy(field => field.Tag))
        {
            var content = values.SelectMany(value => Number(type, value)).ToArray();
            directory.AddRange([.. Number(Short, (uint)tag), .. Number(Short, (uint)type), .. Number(Long, (uint)values.Length)]);
            directory.AddRange(content.Length <= 4 ? [.. content, .. new byte[4 - content.Length]] : Number(Long, (uint)(at + heap.Count)));
            if (content.Length > 4)
                heap.AddRange(content);
        }

        return ([.. heap, .. directory, .. Number(Long, nextPage)], at + heap.Count);
    }

    private static byte[] Number(int type, uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return type == Short ? bytes[..2] : bytes;
    }

    private static byte[] Repeat(byte[] pattern, int times) => [.. Enumerable.Repeat(pattern, times).SelectMany(bytes => bytes)];
}
