namespace Vitrine.Images.Metadata;

/// <summary>Finds the IPTC block among Photoshop's image resources (JPEG APP13, TIFF tag 34377).</summary>
internal static class PhotoshopResources
{
    private const int IptcResource = 0x0404;

    // Each resource:  '8BIM'  id:u16  name: length byte + text, padded to even  size:u32  data, padded to even
    public static void Find(ReadOnlyMemory<byte> resources, MetadataBlocks into)
    {
        var cursor = new BlockCursor(resources);
        while (cursor.Left >= 12 && cursor.Take(4).Span.SequenceEqual("8BIM"u8))
        {
            var id = cursor.U16();
            var nameLength = cursor.U8();
            cursor.Take(nameLength | 1);
            var size = cursor.U32();
            // A cut block still gives the datasets it has.
            var data = cursor.Left < size ? cursor.Take(cursor.Left) : cursor.Take(size);
            if (id == IptcResource)
            {
                into.AddIptc(data);
                return;
            }
            if ((size & 1) != 0)
                cursor.Take(1);
        }
    }
}
