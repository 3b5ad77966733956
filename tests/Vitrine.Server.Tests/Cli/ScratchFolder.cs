using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Vitrine.Server.Tests.Cli;

/// <summary>A folder of a test's own, with a data folder and a folder of pictures in it; removed with this object.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vitrine-cli-");

    public string Data => Path.Join(_folder.FullName, "data");

    public string Pictures => Directory.CreateDirectory(Path.Join(_folder.FullName, "pictures")).FullName;

    /// <summary>Writes PNGs of one colour each, all different, in two nested folders.</summary>
    /// <returns>The folder.</returns>
    public string WritePictures(int count)
    {
        Directory.CreateDirectory(Path.Join(Pictures, "nested", "deep"));
        for (var i = 0; i < count; i++)
        {
            var name = i % 2 == 0 ? $"picture-{i}.png" : Path.Join("nested", "deep", $"picture-{i}.png");
            File.WriteAllBytes(Path.Join(Pictures, name), Png(48, 32, (byte)(i * 37), (byte)(255 - i), (byte)(i * 11)));
        }

        return Pictures;
    }

    public string WriteBroken(string name)
    {
        var path = Path.Join(Pictures, name);
        File.WriteAllText(path, "this is no picture");
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The signature, then the chunks header, pixels (each row after a filter byte of 0) and end.</summary>
    private static byte[] Png(int width, int height, byte red, byte green, byte blue)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2); // eight bits, RGB
        byte[] row = [0, .. Enumerable.Repeat<byte[]>([red, green, blue], width).SelectMany(pixel => pixel)];
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
        {
            for (var y = 0; y < height; y++)
                zlib.Write(row);
        }

        return [0x89, .. "PNG\r\n\x1A\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] checkedPart = [.. Encoding.ASCII.GetBytes(type), .. content];
        var chunk = new byte[4 + checkedPart.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        checkedPart.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + checkedPart.Length), Crc32(checkedPart));
        return chunk;
    }

    /// <summary>The CRC of PNG: https://www.w3.org/TR/png-3/#5CRC-algorithm.</summary>
    private static uint Crc32(byte[] content)
    {
        var crc = uint.MaxValue;
        foreach (var value in content)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
