using System.Buffers.Binary;

namespace Vitrine.Images.Metadata;

/// <summary>Finds metadata items of HEIF pictures (HEIC, AVIF) and metadata boxes of JPEG XL, which share one box format.</summary>
internal static class HeifBlocks
{
    // box:  size:u32  type: 4 letters  [size:u64 when size is 1]  data;  size 0: to the end of the file
    public static void Find(ReadOnlyMemory<byte> file, MetadataBlocks into)
    {
        var boxes = new BlockCursor(file);
        while (TryTakeBox(ref boxes, out var type, out var content))
        {
            if (type == Letters("meta"u8))
                FindItems(file, content, into);
            else if (type == Letters("Exif"u8))
                AddExif(content, into);
            else if (type == Letters("xml "u8))
                into.AddXmp(content);
        }
    }

    // meta:  version and flags:u32, then boxes; iinf names the items, iloc says where they are, idat may hold some
    private static void FindItems(ReadOnlyMemory<byte> file, ReadOnlyMemory<byte> meta, MetadataBlocks into)
    {
        var boxes = new BlockCursor(meta);
        boxes.U32();
        ReadOnlyMemory<byte> information = default, locations = default, inside = default;
        while (TryTakeBox(ref boxes, out var type, out var content))
        {
            if (type == Letters("iinf"u8))
                information = content;
            else if (type == Letters("iloc"u8))
                locations = content;
            else if (type == Letters("idat"u8))
                inside = content;
        }
        var (exif, xmp) = MetadataItems(information);
        if (exif is null && xmp is null)
            return;
        foreach (var (item, block) in HeifItemLocations.Of(locations, file, inside))
        {
            if (item == exif)
                AddExif(block, into);
            else if (item == xmp)
                into.AddXmp(block);
        }
    }

    // iinf:  version:u8 flags:u24  count: u16, from version 1 u32;  infe boxes
    // infe:  version:u8 flags:u24  id: u16, in version 3 u32  protection:u16  type: 4 letters  name 0  [content type 0]
    private static (uint? Exif, uint? Xmp) MetadataItems(ReadOnlyMemory<byte> information)
    {
        uint? exif = null, xmp = null;
        var boxes = new BlockCursor(information);
        boxes.Take(boxes.U32() >> 24 == 0 ? 2 : 4);
        while (TryTakeBox(ref boxes, out var type, out var content))
        {
            var entry = new BlockCursor(content);
            var version = entry.U32() >> 24;
            if (type != Letters("infe"u8) || version < 2)
                continue;
            var id = version == 2 ? entry.U16() : entry.U32();
            entry.U16();
            var kind = entry.U32();
            entry.TakeTerminated();
            if (kind == Letters("Exif"u8))
                exif ??= id;
            else if (kind == Letters("mime"u8) && entry.Rest.Span.StartsWith("application/rdf+xml"u8))
                xmp ??= id;
        }
        return (exif, xmp);
    }

    /// <summary>The block starts with the distance from its fifth byte to the TIFF structure.</summary>
    private static void AddExif(ReadOnlyMemory<byte> block, MetadataBlocks into)
    {
        var cursor = new BlockCursor(block);
        cursor.Take(cursor.U32());
        into.AddExif(cursor.Rest);
    }

    private static bool TryTakeBox(ref BlockCursor boxes, out uint type, out ReadOnlyMemory<byte> content)
    {
        type = 0;
        content = default;
        if (boxes.Left < 8)
            return false;
        long size = boxes.U32();
        type = boxes.U32();
        var header = 8;
        if (size == 1)
        {
            size = (long)boxes.Sized(8);
            header = 16;
        }
        if (size == 0)
            size = boxes.Left + header;
        if (size < header)
            return false;
        content = boxes.Take(Math.Min(size - header, boxes.Left));
        return true;
    }

    private static uint Letters(ReadOnlySpan<byte> letters) => BinaryPrimitives.ReadUInt32BigEndian(letters);
}
