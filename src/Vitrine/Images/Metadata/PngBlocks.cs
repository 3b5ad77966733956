using System.IO.Compression;
using System.Text;

namespace Vitrine.Images.Metadata;

/// <summary>Finds metadata in the chunks of a PNG.</summary>
internal static class PngBlocks
{
    private const int MaxTexts = 64;

    // 8 bytes signature, then chunks:  length:u32  type: 4 letters  data  crc:u32.  Metadata may also stand behind the picture.
    public static void Find(ReadOnlyMemory<byte> file, MetadataBlocks into)
    {
        var cursor = new BlockCursor(file[8..]);
        while (cursor.Left >= 8)
        {
            var length = cursor.U32();
            var type = cursor.Take(4).Span;
            // A cut chunk still gives what it has.
            var data = cursor.Take(Math.Min(length, cursor.Left));
            cursor.Take(4);
            if (type.SequenceEqual("IEND"u8))
                return;
            if (type.SequenceEqual("eXIf"u8))
                into.AddExif(data);
            else if (type.SequenceEqual("tEXt"u8) || type.SequenceEqual("zTXt"u8) || type.SequenceEqual("iTXt"u8))
                AddText(type[0], new BlockCursor(data), into);
        }
    }

    // tEXt:  keyword 0 text (Latin-1)
    // zTXt:  keyword 0 method:u8 text (Latin-1, zlib)
    // iTXt:  keyword 0 compressed:u8 method:u8 language 0 translated keyword 0 text (UTF-8)
    private static void AddText(byte kind, BlockCursor chunk, MetadataBlocks into)
    {
        var keyword = Encoding.Latin1.GetString(chunk.TakeTerminated().Span);
        var compressed = kind == 'z' || (kind == 'i' && chunk.U8() == 1);
        if (kind != 't')
            chunk.U8();
        if (kind == 'i')
        {
            chunk.TakeTerminated();
            chunk.TakeTerminated();
        }
        if (chunk.Ended || into.Texts.Count >= MaxTexts)
            return;
        var text = compressed ? Inflate(chunk.Rest, into) : chunk.Rest;
        if (keyword == "XML:com.adobe.xmp")
            into.AddXmp(text);
        else if (keyword.StartsWith("Raw profile type ", StringComparison.Ordinal))
            AddRawProfile(keyword["Raw profile type ".Length..], text, into);
        else
            into.Texts.Add((keyword, MetadataText.Decode(text.Span[..Math.Min(text.Length, MetadataText.MaxLength)])));
    }

    // As ImageMagick writes a block:  \n name \n length in decimal \n hex digits, broken into lines
    private static void AddRawProfile(string name, ReadOnlyMemory<byte> text, MetadataBlocks into)
    {
        var profile = text.Span.TrimStart((byte)'\n');
        for (var line = 0; line < 2; line++)
            profile = profile[(profile.IndexOf((byte)'\n') + 1)..];
        var block = FromHex(profile);
        switch (name)
        {
            case "exif" or "APP1" when block.Span.StartsWith("http://ns.adobe.com/xap/1.0/\0"u8):
                into.AddXmp(block["http://ns.adobe.com/xap/1.0/\0".Length..]);
                break;
            case "exif" or "APP1":
                into.AddExif(block);
                break;
            case "xmp":
                into.AddXmp(block);
                break;
            case "iptc" or "8bim":
                PhotoshopResources.Find(block, into);
                break;
        }
    }

    private static ReadOnlyMemory<byte> FromHex(ReadOnlySpan<byte> digits)
    {
        var bytes = new byte[digits.Length / 2];
        var nibbles = 0;
        foreach (var digit in digits)
        {
            var value = char.IsAsciiHexDigit((char)digit) ? (digit & 0xF) + (digit > '9' ? 9 : 0) : -1;
            if (value >= 0 && nibbles / 2 < bytes.Length)
                bytes[nibbles++ / 2] |= (byte)(nibbles % 2 == 1 ? value << 4 : value);
        }
        return bytes.AsMemory(0, nibbles / 2);
    }

    /// <summary>What can be inflated, up to the limit: a damaged end loses only itself.</summary>
    private static ReadOnlyMemory<byte> Inflate(ReadOnlyMemory<byte> compressed, MetadataBlocks into)
    {
        using var inflated = new MemoryStream();
        using var source = new ZLibStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
        var buffer = new byte[16 << 10];
        try
        {
            while (inflated.Length <= MetadataBlocks.MaxBytes && into.InflationLeft > 0 && source.Read(buffer) is > 0 and var read)
            {
                inflated.Write(buffer, 0, read);
                into.InflationLeft -= read;
            }
        }
        catch (Exception damage) when (damage is InvalidDataException or IOException)
        {
            // IOException: a stream that asks for a preset dictionary, which PNG forbids.
            return inflated.ToArray();
        }
        return inflated.ToArray();
    }
}
