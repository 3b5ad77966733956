namespace Vitrine.Images.Metadata;

/// <summary>Finds the XMP packet of a GIF.</summary>
internal static class GifBlocks
{
    private const byte Extension = 0x21;
    private const byte ApplicationExtension = 0xFF;
    private const byte ImageDescriptor = 0x2C;

    // header 6, screen 7 (byte 4: flags, low bits the size of the colour table), colour table, then blocks:
    //   21 label:u8 sub-blocks        sub-blocks:  length:u8 data …, ended by 00
    //   2C descriptor 9 (flags last) [colour table] code size:u8 sub-blocks
    // XMP: label FF, a first sub-block 'XMP DataXMP', then the bare packet, which is followed by 258 bytes that lead any reader to its 00.
    public static void Find(ReadOnlyMemory<byte> file, MetadataBlocks into)
    {
        var cursor = new BlockCursor(file);
        var screen = cursor.Take(13).Span;
        if (cursor.Ended)
            return;
        cursor.Take(ColourTable(screen[10]));
        while (cursor.Left > 0)
        {
            switch (cursor.U8())
            {
                case Extension:
                    if (cursor.U8() == ApplicationExtension && cursor.Rest.Span.StartsWith("\x0BXMP DataXMP"u8))
                        AddPacket(cursor.Rest[12..], into);
                    break;
                case ImageDescriptor:
                    var descriptor = cursor.Take(9).Span;
                    if (cursor.Ended)
                        return;
                    cursor.Take(ColourTable(descriptor[8]));
                    cursor.U8();
                    break;
                default:
                    return;
            }
            while (cursor.U8() is > 0 and var length)
                cursor.Take(length);
        }
    }

    private static void AddPacket(ReadOnlyMemory<byte> packetAndRest, MetadataBlocks into)
    {
        var end = packetAndRest.Span.IndexOf((byte)1);
        into.AddXmp(end < 0 ? packetAndRest : packetAndRest[..end]);
    }

    private static int ColourTable(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
}
