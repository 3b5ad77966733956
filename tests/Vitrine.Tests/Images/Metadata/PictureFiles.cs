using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Vitrine.Tests.Images.Metadata;

/// <summary>The smallest files that carry metadata; they hold no picture, which the reader never looks at.</summary>
internal static class PictureFiles
{
    public static byte[] Jpeg(params byte[][] segments) =>
        [0xFF, 0xD8, .. segments.SelectMany(segment => segment), 0xFF, 0xDA, 0, 2, 1, 2, 3, 0xFF, 0xD9];

    public static byte[] ExifSegment(byte[] exif) => Segment(0xE1, [.. "Exif\0\0"u8, .. exif]);

    public static byte[] XmpSegment(string packet) => Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Encoding.UTF8.GetBytes(packet)]);

    public static byte[] ExtendedXmpSegment(string guid, byte[] part, int fullLength, int offset) =>
        Segment(0xE1, [.. "http://ns.adobe.com/xmp/extension/\0"u8, .. Encoding.ASCII.GetBytes(guid), .. U32(fullLength), .. U32(offset), .. part]);

    public static byte[] IptcSegment(byte[] iptc) => Segment(0xED, [.. "Photoshop 3.0\0"u8, .. Resources(iptc)]);

    /// <summary>IPTC behind another resource, as Photoshop writes it.</summary>
    public static byte[] Resources(byte[] iptc) =>
    [
        .. "8BIM"u8, 0x03, 0xED, 3, (byte)'a', (byte)'b', (byte)'c', .. U32(3), 1, 2, 3, 0,
        .. "8BIM"u8, 0x04, 0x04, 0, 0, .. U32(iptc.Length), .. iptc, .. new byte[iptc.Length & 1],
    ];

    public static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    public static byte[] Dataset(byte record, byte number, byte[] value) => [0x1C, record, number, (byte)(value.Length >> 8), (byte)value.Length, .. value];

    public static byte[] Dataset(byte number, string text) => Dataset(2, number, Encoding.UTF8.GetBytes(text));

    public static byte[] Png(params byte[][] chunks) =>
        [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', .. chunks.SelectMany(chunk => chunk), .. Chunk("IEND", [])];

    public static byte[] Chunk(string type, byte[] data) => [.. U32(data.Length), .. Encoding.ASCII.GetBytes(type), .. data, 0, 0, 0, 0];

    public static byte[] XmpChunk(string packet, bool compressed = false)
    {
        var text = Encoding.UTF8.GetBytes(packet);
        return Chunk("iTXt", [.. "XML:com.adobe.xmp\0"u8, (byte)(compressed ? 1 : 0), 0, 0, 0, .. compressed ? Deflate(text) : text]);
    }

    public static byte[] WebP(params byte[][] chunks)
    {
        byte[] body = [.. "WEBP"u8, .. chunks.SelectMany(chunk => chunk)];
        return [.. "RIFF"u8, .. Little(body.Length), .. body];
    }

    public static byte[] RiffChunk(string type, byte[] data) => [.. Encoding.ASCII.GetBytes(type), .. Little(data.Length), .. data, .. new byte[data.Length & 1]];

    public static byte[] Box(string type, params byte[][] parts)
    {
        byte[] content = [.. parts.SelectMany(part => part)];
        return [.. U32(content.Length + 8), .. Encoding.ASCII.GetBytes(type), .. content];
    }

    /// <summary>An AVIF with an Exif and a mime item, whose bytes stand behind the boxes.</summary>
    public static byte[] Avif(byte[] exif, string xmp)
    {
        byte[] exifItem = [0, 0, 0, 6, .. "Exif\0\0"u8, .. exif];
        var xmpItem = Encoding.UTF8.GetBytes(xmp);
        byte[] BeforeItems(int at) =>
        [
            .. Box("ftyp", [.. "avif"u8, 0, 0, 0, 0]),
            .. Box("meta", new byte[4],
                Box("hdlr", new byte[24]),
                Box("iinf", [0, 0, 0, 0, 0, 2],
                    Box("infe", [2, 0, 0, 0, 0, 7, 0, 0, .. "Exif"u8, 0]),
                    Box("infe", [2, 0, 0, 0, 0, 8, 0, 0, .. "mime"u8, 0, .. "application/rdf+xml\0"u8])),
                Box("iloc", [1, 0, 0, 0, 0x44, 0x00, 0, 2],
                    [0, 7, 0, 0, 0, 0, 0, 1, .. U32(at), .. U32(exifItem.Length)],
                    [0, 8, 0, 0, 0, 0, 0, 1, .. U32(at + exifItem.Length), .. U32(xmpItem.Length)])),
        ];
        var start = BeforeItems(0).Length + 8;
        return [.. BeforeItems(start), .. Box("mdat", exifItem, xmpItem)];
    }

    public static byte[] Gif(string xmp) =>
    [
        .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255,
        0x21, 0xF9, 4, 0, 0, 0, 0, 0,
        0x21, 0xFF, 11, .. "XMP DataXMP"u8, .. Encoding.UTF8.GetBytes(xmp), .. Enumerable.Range(0, 256).Select(i => (byte)(i == 0 ? 1 : 256 - i)), 0, 0,
        0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B,
    ];

    /// <summary>A packet of one description with these properties, in the usual wrapping.</summary>
    public static string Xmp(string properties, string attributes = "") =>
        $"""
        <?xpacket begin="{'\uFEFF'}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
          xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exifEX="http://cipa.jp/exif/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
          xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmlns:digiKam="http://www.digikam.org/ns/1.0/"
          xmlns:lr="http://ns.adobe.com/lightroom/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#" {attributes}>
        {properties}
        </rdf:Description></rdf:RDF></x:xmpmeta>
        <?xpacket end="w"?>
        """;

    public static byte[] Deflate(byte[] bytes)
    {
        using var deflated = new MemoryStream();
        using (var zlib = new ZLibStream(deflated, CompressionMode.Compress))
            zlib.Write(bytes);
        return deflated.ToArray();
    }

    private static byte[] U32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Little(int value) => BitConverter.GetBytes(value);
}
