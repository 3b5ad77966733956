using System.Buffers.Binary;

namespace Vitrine.Tests.Images;

/// <summary>TIFFs that libvips does not read and other programs do: built byte by byte, as no saver here makes them. All are red.</summary>
internal static class SampleTiffs
{
    private const int Short = 3, Long = 4;

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

    public static byte[] WithoutPhotometric() => Of(
        [Repeat([255, 0, 0], 40 * 30)], isTiled: false,
        (256, Short, [40]), (257, Short, [30]), (258, Short, [8, 8, 8]), (259, Short, [1]), (277, Short, [3]), (278, Short, [30]));

    /// <param name="jpeg">A whole JPEG of 40 × 30, subsampled by two.</param>
    public static byte[] OldStyleJpeg(byte[] jpeg) => Of(
        [jpeg], isTiled: false,
        (256, Short, [40]), (257, Short, [30]), (258, Short, [8, 8, 8]), (259, Short, [6]), (262, Short, [6]), (277, Short, [3]), (278, Short, [30]),
        (513, Long, [8]), (514, Long, [(uint)jpeg.Length]), (530, Short, [2, 2]));

    /// <summary>Header, strips or tiles from byte 8 on, values that need more than four bytes, directory.</summary>
    private static byte[] Of(byte[][] parts, bool isTiled, params (int Tag, int Type, uint[] Values)[] fields)
    {
        var file = new List<byte>([(byte)'I', (byte)'I', 42, 0, 0, 0, 0, 0]);
        var offsets = new List<uint>();
        foreach (var part in parts)
        {
            offsets.Add((uint)file.Count);
            file.AddRange(part);
        }

        (int Tag, int Type, uint[] Values)[] all =
        [
            .. fields, (isTiled ? 324 : 273, Long, [.. offsets]), (isTiled ? 325 : 279, Long, [.. parts.Select(part => (uint)part.Length)]),
        ];
        var directory = new List<byte>(Number(Short, (uint)all.Length));
        foreach (var (tag, type, values) in all.OrderBy(field => field.Tag))
        {
            var content = values.SelectMany(value => Number(type, value)).ToArray();
            directory.AddRange([.. Number(Short, (uint)tag), .. Number(Short, (uint)type), .. Number(Long, (uint)values.Length)]);
            directory.AddRange(content.Length <= 4 ? [.. content, .. new byte[4 - content.Length]] : Number(Long, (uint)file.Count));
            if (content.Length > 4)
                file.AddRange(content);
        }

        var bytes = (byte[])[.. file, .. directory, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), file.Count);
        return bytes;
    }

    private static byte[] Number(int type, uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return type == Short ? bytes[..2] : bytes;
    }

    private static byte[] Repeat(byte[] pattern, int times) => [.. Enumerable.Repeat(pattern, times).SelectMany(bytes => bytes)];
}
