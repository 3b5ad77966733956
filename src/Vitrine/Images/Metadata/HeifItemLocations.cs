namespace Vitrine.Images.Metadata;

/// <summary>Reads where the items of a HEIF picture are.</summary>
internal static class HeifItemLocations
{
    // A picture in tiles has some hundred items; more than this is made up.
    private const int MaxItems = 65_536;

    // iloc:  version:u8 flags:u24  offset size:u4 length size:u4 base size:u4 index size:u4  count: u16, in version 2 u32;  then each item:
    //   id: u16, in version 2 u32  [construction:u16 from version 1]  reference:u16  base  extents:u16;  then each extent:  [index] offset length
    /// <summary>Id and bytes of each item of one extent (metadata is never spread); those outside the file are left out.</summary>
    public static IEnumerable<(uint Item, ReadOnlyMemory<byte> Block)> Of(ReadOnlyMemory<byte> locations, ReadOnlyMemory<byte> file, ReadOnlyMemory<byte> inside)
    {
        var cursor = new BlockCursor(locations);
        var version = cursor.U32() >> 24;
        var sizes = cursor.U16();
        int offsetSize = sizes >> 12, lengthSize = (sizes >> 8) & 15, baseSize = (sizes >> 4) & 15, indexSize = version == 0 ? 0 : sizes & 15;
        var count = Math.Min(version < 2 ? cursor.U16() : cursor.U32(), MaxItems);
        for (var i = 0; i < count && !cursor.Ended; i++)
        {
            var item = version < 2 ? cursor.U16() : cursor.U32();
            var construction = version == 0 ? 0 : cursor.U16() & 15;
            cursor.U16();
            var start = cursor.Sized(baseSize);
            var extents = cursor.U16();
            if (extents != 1)
            {
                // Not by counting: extents of no size would cost time without end.
                cursor.Take((long)extents * (indexSize + offsetSize + lengthSize));
                continue;
            }
            cursor.Sized(indexSize);
            var offset = cursor.Sized(offsetSize);
            var length = cursor.Sized(lengthSize);
            if (cursor.Ended || construction > 1)
                continue;
            var from = construction == 0 ? file : inside;
            var at = start + offset;
            if (at < (ulong)from.Length)
                yield return (item, from.Slice((int)at, (int)Math.Min(length, (ulong)from.Length - at)));
        }
    }
}
