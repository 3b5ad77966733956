using System.Buffers.Binary;

namespace Vitrine.Images;

/// <summary>Tells a picture's format from its first bytes, so that only the loader meant for it ever sees a file.</summary>
internal static class PictureFormats
{
    /// <param name="head">The file's first bytes: 4 KiB for all but SVG, whose root element may stand behind a long comment.</param>
    /// <returns>A name as in <see cref="PictureHeader.Format"/>; null for what is none of them.</returns>
    public static string? FindOrNull(ReadOnlySpan<byte> head)
    {
        // Its third byte says nothing: libjpeg looks for the next one of that kind, and so finds the rest of a picture of which it is damaged.
        if (head is [0xFF, 0xD8, 0xFF, ..] or [0xFF, 0xD8, _, 0xC0 or 0xC2 or 0xC4 or 0xDB or (>= 0xE0 and <= 0xEF) or 0xFE, ..])
            return "jpeg";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
            return "png";
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8))
            return "gif";
        if (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..12].SequenceEqual("WEBP"u8))
            return "webp";
        if (BmpReader.Is(head))
            return "bmp";
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) ||
            head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 0x0C, (byte)'J', (byte)'X', (byte)'L', (byte)' ', 0x0D, 0x0A, 0x87, 0x0A]))
        {
            return "jxl";
        }
        return FindIsoMediaOrNull(head) ?? FindTiffOrNull(head) ?? (XmlProlog.RootNameOrNull(head) == "svg" ? "svg" : null);
    }

    /// <summary>HEIF family: a box length, "ftyp", the major brand, a version, then compatible brands.</summary>
    private static string? FindIsoMediaOrNull(ReadOnlySpan<byte> head)
    {
        if (head.Length < 16 || !head[4..8].SequenceEqual("ftyp"u8))
            return null;
        if (head[8..12].SequenceEqual("crx "u8))
            return "raw";
        var end = (int)Math.Min((uint)head.Length, BinaryPrimitives.ReadUInt32BigEndian(head));
        string? found = null;
        for (var at = 8; at + 4 <= end; at += at == 8 ? 8 : 4)
        {
            var brand = head.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
                return "avif";
            if (brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) || brand.SequenceEqual("hevc"u8)
                || brand.SequenceEqual("heim"u8) || brand.SequenceEqual("heis"u8) || brand.SequenceEqual("mif1"u8))
            {
                found = "heic";
            }
        }
        return found;
    }

    /// <summary>Camera raw files are mostly TIFF with another magic, or plain TIFF whose first directory is a preview with sub-directories.</summary>
    private static string? FindTiffOrNull(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("FUJIFILMCCD-RAW"u8) || head.StartsWith("IIU\0"u8) || head.StartsWith("IIRO"u8) || head.StartsWith("IIRS"u8))
            return "raw";
        var little = head.StartsWith("II*\0"u8);
        if (head.Length >= 8 && (head.StartsWith("II+\0"u8) || head.StartsWith("MM\0+"u8)))
            return "tiff";
        if (head.Length < 8 || (!little && !head.StartsWith("MM\0*"u8)))
            return null;
        if (head.Length >= 10 && head[8..10].SequenceEqual("CR"u8))
            return "raw";
        return HasRawDirectory(head, little) ? "raw" : "tiff";
    }

    private static bool HasRawDirectory(ReadOnlySpan<byte> head, bool little)
    {
        const int NewSubfileType = 0x00FE, SubDirectories = 0x014A, DngVersion = 0xC612;
        var at = Read32(head[4..], little);
        if (at > head.Length - 2)
            return false;
        bool isPreview = false, hasSubDirectories = false;
        var entries = Read16(head[(int)at..], little);
        for (long entry = at + 2, n = 0; n < entries && entry + 12 <= head.Length; n++, entry += 12)
        {
            var field = head[(int)entry..];
            switch (Read16(field, little))
            {
                case DngVersion:
                    return true;
                case NewSubfileType:
                    isPreview = (Read32(field[8..], little) & 1) != 0;
                    break;
                case SubDirectories:
                    hasSubDirectories = true;
                    break;
            }
        }
        return isPreview && hasSubDirectories;
    }

    private static ushort Read16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Read32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
