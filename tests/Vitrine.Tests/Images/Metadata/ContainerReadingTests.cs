using System.Text;
using Xunit;
using static Vitrine.Tests.Images.Metadata.PictureFiles;

namespace Vitrine.Tests.Images.Metadata;

public sealed class ContainerReadingTests
{
    private static readonly byte[] s_exif = new ExifBuilder().Text(0x010F, "Canon").Build();
    private static readonly string s_packet = Xmp("<dc:title>House</dc:title>");
    private static readonly byte[] s_packetBytes = Encoding.UTF8.GetBytes(s_packet);
    private const string Both = "CameraMake: Canon\nTitle: House";

    [Fact]
    public void Read_PngWithExifAndXmp_FindsBoth()
    {
        Assert.Equal(Both, Described.Read(Png(Chunk("IHDR", new byte[13]), XmpChunk(s_packet), Chunk("IDAT", new byte[99]), Chunk("eXIf", s_exif))));
        Assert.Equal(Both, Described.Read(Png(XmpChunk(s_packet, compressed: true), Chunk("eXIf", s_exif))));
    }

    [Fact]
    public void Read_PngText_FillsFields() =>
        Assert.Equal("CapturedAt: 2024-05-01T10:20:30\nTitle: Köln\nDescription: Dom\nCreator: Ann", Described.Read(Png(
            Chunk("tEXt", Encoding.Latin1.GetBytes("Title\0Köln")),
            Chunk("zTXt", [.. "Description\0"u8, 0, .. Deflate("Dom"u8.ToArray())]),
            Chunk("iTXt", [.. "Author\0"u8, 0, 0, 0, 0, .. "Ann"u8]),
            Chunk("tEXt", "Creation Time\02024:05:01 10:20:30"u8.ToArray()))));

    [Theory]
    [InlineData("Wed, 01 May 2024 10:20:30 GMT", "2024-05-01T10:20:30+00:00")]
    [InlineData("Wed, 01 May 2024 10:20:30 +0200", "2024-05-01T10:20:30+02:00")]
    [InlineData("1 May 2024 10:20:30 +0200", "2024-05-01T10:20:30+02:00")]
    [InlineData("Wed May  1 10:20:30 2024", "2024-05-01T10:20:30")]
    [InlineData("2024-05-01T10:20:30+02:00", "2024-05-01T10:20:30+02:00")]
    [InlineData("May 1, 2024 10:20:30 PM", "2024-05-01T22:20:30")]
    [InlineData("May 1, 2024 9:20:30pm +0200", "2024-05-01T21:20:30+02:00")]
    [InlineData("1 May 2024 12:05 a.m.", "2024-05-01T00:05:00")]
    [InlineData("May 1, 2024 12:05:00 PM GMT", "2024-05-01T12:05:00+00:00")]
    [InlineData("May 1, 2024 22:20:30 PM", "2024-05-01T22:20:30")]
    [InlineData("2024:05:01 10:20:30.5 PM", "2024-05-01T22:20:30.5")]
    [InlineData("2024:05:01 10:20:30 America", "2024-05-01T10:20:30")]
    [InlineData("May", null)]
    [InlineData("May 2024", null)]
    [InlineData("31 Feb 2024 10:00:00 GMT", null)]
    public void Read_CreationTimeOfPng_InEachFormThatTheSpecificationNames(string text, string? expected) =>
        Assert.Equal(expected is null ? "nothing" : $"CapturedAt: {expected}", Described.Read(Png(Chunk("tEXt", [.. "Creation Time\0"u8, .. Encoding.ASCII.GetBytes(text)]))));

    [Fact]
    public void Read_PngWithRawProfiles_FindsThem()
    {
        byte[] Profile(string name, byte[] block) =>
            Chunk("zTXt", [.. Encoding.ASCII.GetBytes($"Raw profile type {name}\0"), 0, .. Deflate(Encoding.ASCII.GetBytes($"\n{name}\n{block.Length,8}\n{Convert.ToHexStringLower(block)}\n"))]);
        Assert.Equal(Both, Described.Read(Png(Profile("exif", [.. "Exif\0\0"u8, .. s_exif]), Profile("xmp", s_packetBytes))));
        Assert.Equal("Title: iptc", Described.Read(Png(Profile("iptc", Resources(Dataset(5, "iptc"))))));
    }

    [Fact]
    public void Read_PngBombInText_IsNotInflated()
    {
        var bomb = Deflate(new byte[64 << 20]);
        Assert.Equal("CameraMake: Canon", Described.Read(Png(Chunk("zTXt", [.. "Comment\0"u8, 0, .. bomb]), Chunk("eXIf", s_exif))));
    }

    [Theory]
    [InlineData(new byte[] { 0x78, 0xBB, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x78, 0x9C, 0xFF, 0xFF })]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[0])]
    public void Read_PngWithTextThatCannotBeInflated_LosesOnlyThat(byte[] deflated) =>
        Assert.Equal("CameraMake: Canon", Described.Read(Png(Chunk("zTXt", [.. "Comment\0"u8, 0, .. deflated]), Chunk("eXIf", s_exif))));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_WebP_FindsExifAndXmp(bool withMark) =>
        Assert.Equal(Both, Described.Read(WebP(RiffChunk("VP8X", new byte[10]), RiffChunk("VP8 ", new byte[77]), RiffChunk("EXIF", withMark ? [.. "Exif\0\0"u8, .. s_exif] : s_exif), RiffChunk("XMP ", s_packetBytes))));

    [Fact]
    public void Read_Gif_FindsXmp() => Assert.Equal("Title: House", Described.Read(Gif(s_packet)));

    [Fact]
    public void Read_Avif_FindsExifAndXmp() => Assert.Equal(Both, Described.Read(Avif(s_exif, s_packet)));

    [Fact]
    public void Read_JpegXl_FindsExifAndXmp() =>
        Assert.Equal(Both, Described.Read([.. Box("JXL ", [0x0D, 0x0A, 0x87, 0x0A]), .. Box("ftyp", [.. "jxl "u8]), .. Box("Exif", new byte[4], s_exif), .. Box("xml ", s_packetBytes)]));

    [Fact]
    public void Read_Tiff_FindsXmpAndIptcInItsTags() =>
        Assert.Equal("CameraMake: Canon\nTitle: House\nCreator: Ann",
            Described.Read(new ExifBuilder(bigEndian: true).Text(0x010F, "Canon").Bytes(700, s_packetBytes).Raw(33723, 7, Dataset(80, "Ann")).Build()));

    [Fact]
    public void Read_Raf_FindsTheMetadataOfItsJpeg()
    {
        var jpeg = Jpeg(ExifSegment(s_exif));
        byte[] head = [.. "FUJIFILMCCD-RAW "u8, .. new byte[68], 0, 0, 0, 92, 0, 0, 0, (byte)jpeg.Length];
        Assert.Equal("CameraMake: Canon", Described.Read([.. head, .. jpeg]));
    }

    [Fact]
    public void Read_JpegWithExtendedXmp_JoinsItsParts()
    {
        const string guid = "0123456789ABCDEF0123456789ABCDEF";
        var main = Xmp("", $"""xmp:Rating="3" xmpNote:HasExtendedXMP="{guid}" """);
        var (first, second) = (s_packetBytes[..100], s_packetBytes[100..]);
        var file = Jpeg(XmpSegment(main), ExtendedXmpSegment(guid, second, s_packetBytes.Length, 100), ExtendedXmpSegment(guid, first, s_packetBytes.Length, 0));
        Assert.Equal("Title: House\nRating: 3", Described.Read(file));
        var stale = Jpeg(XmpSegment(main), ExtendedXmpSegment(new string('F', 32), s_packetBytes, s_packetBytes.Length, 0));
        Assert.Equal("Rating: 3", Described.Read(stale));
    }

    [Fact]
    public void Read_IptcInDeclaredAndUndeclaredEncodings_IsDecoded()
    {
        byte[] declared = [.. Dataset(1, 90, "\u001B%G"u8.ToArray()), .. Dataset(5, "Köln"), .. Dataset(25, "straße"), .. Dataset(25, "dom"), .. Dataset(25, "dom")];
        Assert.Equal("Title: Köln\nKeywords: straße | dom", Described.Read(Jpeg(IptcSegment(declared))));
        Assert.Equal("Title: Köln", Described.Read(Jpeg(IptcSegment(Dataset(2, 5, Encoding.Latin1.GetBytes("Köln"))))));
        Assert.Equal("Title: Köln", Described.Read(Jpeg(IptcSegment(Dataset(5, "Köln")))));
    }

    [Fact]
    public void Read_IptcTime_JoinsDateTimeAndOffset() =>
        Assert.Equal("CapturedAt: 2024-05-01T10:20:30+02:00", Described.Read(Jpeg(IptcSegment([.. Dataset(55, "20240501"), .. Dataset(60, "102030+0200")]))));

    [Fact]
    public void Read_IptcSplitOverSegments_IsJoined()
    {
        byte[] resources = Resources([.. Dataset(5, "House"), .. Dataset(116, "CC")]);
        byte[] Part(byte[] part) => Segment(0xED, [.. "Photoshop 3.0\0"u8, .. part]);
        Assert.Equal("Title: House\nCopyright: CC", Described.Read(Jpeg(Part(resources[..40]), Part(resources[40..]))));
    }

    [Fact]
    public void Read_GarbageBetweenSegments_GoesOnAtTheNextOne() =>
        Assert.Equal("CameraMake: Canon", Described.Read(Jpeg([1, 2, 3, 0xFF, 0xFF], ExifSegment(s_exif))));

    [Theory]
    [InlineData(new byte[] { 1, 2, 0xFF, 0xE1 })]
    [InlineData(new byte[] { 1, 2, 3, 0xFF, 0xE1, 0 })]
    [InlineData(new byte[] { 0xFF, 0xE1, 0, 1 })]
    public void Read_JpegThatEndsInAMarker_KeepsWhatIsBeforeIt(byte[] end) =>
        Assert.Equal("CameraMake: Canon", Described.Read([0xFF, 0xD8, .. ExifSegment(s_exif), .. end]));
}
