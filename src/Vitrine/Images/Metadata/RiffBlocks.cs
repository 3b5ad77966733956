using System.Buffers.Binary;

namespace Vitrine.Images.Metadata;

/// <summary>Finds metadata in the chunks of a WebP.</summary>
internal static class RiffBlocks
{
    // 'RIFF' size:u32 'WEBP', then chunks:  type: 4 letters  size:u32 (little-endian)  data, padded to even
    public static void Find(ReadOnlyMemory<byte> file, MetadataBlocks into)
    {
        var rest = file[12..];
        while (rest.Length >= 8)
        {
            var type = rest.Span[..4];
            var size = BinaryPrimitives.ReadUInt32LittleEndian(rest.Span[4..]);
            var data = rest[8..];
            if (size < data.Length)
                data = data[..(int)size];
            if (type.SequenceEqual("EXIF"u8))
                into.AddExif(data);
            else if (type.SequenceEqual("XMP "u8))
                into.AddXmp(data);
            rest = rest[(int)Math.Min(8 + (long)size + (size & 1), rest.Length)..];
        }
    }
}
