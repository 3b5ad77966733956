using System.Buffers.Binary;
using System.IO.Compression;

namespace Vitrine.EndToEnd;

/// <summary>Writes small pictures: two colours that run into each other, with a disc of a third; another one for each seed.</summary>
internal static class PngPicture
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    public static void Write(string path, int width, int height, int seed)
    {
        var random = new Random(seed);
        var (first, second, disc) = (Colour(random), Colour(random), Colour(random));
        double x0 = random.NextDouble() * width, y0 = random.NextDouble() * height, radius = Math.Min(width, height) * (0.1 + (random.NextDouble() * 0.3));
        var rows = new byte[height * (1 + (width * 3))];
        for (var y = 0; y < height; y++)
        {
            // The byte before each row names its filter: none.
            var row = rows.AsSpan((y * (1 + (width * 3))) + 1, width * 3);
            for (var x = 0; x < width; x++)
            {
                var isInside = ((x - x0) * (x - x0)) + ((y - y0) * (y - y0)) < radius * radius;
                var part = (double)(x + y) / (width + height);
                for (var band = 0; band < 3; band++)
                    row[(x * 3) + band] = isInside ? disc[band] : (byte)(first[band] + ((second[band] - first[band]) * part));
            }
        }
        using var file = File.Create(path);
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2); // 8 bits per sample, RGB
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Deflate(rows));
        WriteChunk(file, "IEND"u8, []);
    }

    private static byte[] Colour(Random random) => [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)];

    private static byte[] Deflate(byte[] rows)
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Fastest))
            deflate.Write(rows);
        return packed.ToArray();
    }

    /// <summary>Length, type, content, CRC of type and content.</summary>
    private static void WriteChunk(FileStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(type);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), content));
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            crc = CrcTable[(crc ^ value) & 0xff] ^ (crc >> 8);
        return crc;
    }

    private static uint CrcOf(int value)
    {
        var crc = (uint)value;
        for (var bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        return crc;
    }
}
