using System.Buffers.Binary;

namespace Vitrine.Images.Metadata;

/// <summary>Finds metadata in the segments of a JPEG, before the picture itself.</summary>
internal static class JpegBlocks
{
    private const int App1 = 0xE1;
    private const int App13 = 0xED;
    private const int StartOfScan = 0xDA;
    private const int EndOfImage = 0xD9;
    private const int GuidLength = 32;

    // Enough for 8 MB in full segments.
    private const int MaxParts = 160;

    private static ReadOnlySpan<byte> ExifMark => "Exif\0\0"u8;
    private static ReadOnlySpan<byte> XmpMark => "http://ns.adobe.com/xap/1.0/\0"u8;
    private static ReadOnlySpan<byte> ExtendedXmpMark => "http://ns.adobe.com/xmp/extension/\0"u8;
    private static ReadOnlySpan<byte> PhotoshopMark => "Photoshop 3.0\0"u8;

    // FF D8, then segments:  FF marker:u8 length:u16 (counts itself) data;  FF may be repeated as filling.
    public static void Find(ReadOnlyMemory<byte> file, MetadataBlocks into)
    {
        var bytes = file.Span;
        var photoshop = new List<ReadOnlyMemory<byte>>();
        var extended = new List<ReadOnlyMemory<byte>>();
        var at = 2;
        while (at + 4 <= bytes.Length)
        {
            if (bytes[at] != 0xFF)
            {
                // Damage between segments: go on at the next marker that may carry metadata.
                var next = bytes[at..].IndexOf([(byte)0xFF, (byte)App1]);
                if (next < 0)
                    break;
                at += next;
                continue;
            }
            var marker = bytes[at + 1];
            if (marker is 0xFF or 0x00 or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += marker == 0xFF ? 1 : 2;
                continue;
            }
            if (marker is StartOfScan or EndOfImage)
                break;
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (length < 2)
                break;
            var end = Math.Min(at + 2 + length, bytes.Length);
            var segment = file[(at + 4)..end];
            if (marker == App1)
                AddApp1(segment, extended, into);
            else if (marker == App13 && photoshop.Count < MaxParts && segment.Span.StartsWith(PhotoshopMark))
                photoshop.Add(segment[PhotoshopMark.Length..]);
            at = end;
        }
        PhotoshopResources.Find(Concatenate(photoshop), into);
        AddExtended(extended, into);
    }

    private static void AddApp1(ReadOnlyMemory<byte> segment, List<ReadOnlyMemory<byte>> extended, MetadataBlocks into)
    {
        var bytes = segment.Span;
        if (bytes.StartsWith(ExifMark))
            into.AddExif(segment[ExifMark.Length..]);
        else if (bytes.StartsWith(XmpMark))
            into.AddXmp(segment[XmpMark.Length..]);
        else if (extended.Count < MaxParts && bytes.StartsWith(ExtendedXmpMark))
            extended.Add(segment[ExtendedXmpMark.Length..]);
    }

    private static ReadOnlyMemory<byte> Concatenate(List<ReadOnlyMemory<byte>> parts)
    {
        if (parts.Count <= 1)
            return parts.Count == 0 ? default : parts[0];
        var joined = new byte[parts.Sum(part => (long)part.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.Span.CopyTo(joined.AsSpan(at));
            at += part.Length;
        }
        return joined;
    }

    // Each part:  guid: 32 hex digits  fullLength:u32  offset:u32  data.  The main packet names the guid that belongs to it;
    // parts of another guid are left over from an earlier save.
    private static void AddExtended(List<ReadOnlyMemory<byte>> parts, MetadataBlocks into)
    {
        if (parts.Count == 0 || into.Xmp.Count == 0)
            return;
        byte[]? packet = null;
        foreach (var part in parts)
        {
            var bytes = part.Span;
            if (bytes.Length < GuidLength + 8 || into.Xmp[0].Span.IndexOf(bytes[..GuidLength]) < 0)
                continue;
            var fullLength = BinaryPrimitives.ReadUInt32BigEndian(bytes[GuidLength..]);
            var offset = BinaryPrimitives.ReadUInt32BigEndian(bytes[(GuidLength + 4)..]);
            if (fullLength > MetadataBlocks.MaxBytes)
                return;
            packet ??= Blank((int)fullLength);
            var data = bytes[(GuidLength + 8)..];
            if (offset + data.Length <= packet.Length)
                data.CopyTo(packet.AsSpan((int)offset));
        }
        if (packet is not null)
            into.AddXmp(packet);
    }

    /// <summary>A missing part leaves white space, so that what stands before it can be read.</summary>
    private static byte[] Blank(int length)
    {
        var packet = new byte[length];
        packet.AsSpan().Fill((byte)' ');
        return packet;
    }
}
