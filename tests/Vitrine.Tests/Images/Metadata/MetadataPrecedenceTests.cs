using Xunit;
using static Vitrine.Tests.Images.Metadata.PictureFiles;

namespace Vitrine.Tests.Images.Metadata;

public sealed class MetadataPrecedenceTests
{
    private static readonly byte[] s_exif = new ExifBuilder()
        .Text(0x010F, "exif make").Text(0x010E, "exif description").Text(0x013B, "exif creator").Text(0x8298, "exif copyright").Build();

    [Fact]
    public void Read_AllSources_EachFieldComesFromTheStrongestThatHasIt()
    {
        byte[] iptc = [.. Dataset(80, "iptc creator"), .. Dataset(120, "iptc description"), .. Dataset(5, "iptc title"), .. Dataset(25, "iptc")];
        var packet = Xmp("<dc:title>xmp title</dc:title><dc:description>xmp description</dc:description><dc:subject><rdf:Bag><rdf:li>xmp</rdf:li></rdf:Bag></dc:subject>");
        var file = Jpeg(ExifSegment(s_exif), IptcSegment(iptc), XmpSegment(packet));
        Assert.Equal("""
            CameraMake: exif make
            Title: sidecar title
            Description: xmp description
            Keywords: xmp
            Creator: iptc creator
            Copyright: exif copyright
            """, Described.Read(file, Xmp("<dc:title>sidecar title</dc:title>")));
    }

    [Fact]
    public void Read_PositionInTwoSources_IsNotMixed()
    {
        var exif = new ExifBuilder().GpsText(1, "N").GpsRational(2, (10, 1), (0, 1), (0, 1)).GpsText(3, "E").GpsRational(4, (20, 1), (0, 1), (0, 1)).Build();
        var packet = Xmp("", """exif:GPSLatitude="50,0N" """);
        Assert.Equal("Latitude: 10\nLongitude: 20", Described.Read(Jpeg(ExifSegment(exif), XmpSegment(packet))));
    }

    [Theory]
    [InlineData("2024-05-01", "2024-05-01T10:20:30.25+02:00")]
    [InlineData("2024-05-01T10:20", "2024-05-01T10:20:30.25+02:00")]
    [InlineData("2024-05-01T10:20:30", "2024-05-01T10:20:30.25+02:00")]
    [InlineData("2024-05-01T08:20:30Z", "2024-05-01T08:20:30+00:00")]
    [InlineData("2023-05-01", "2023-05-01T00:00:00")]
    public void Read_TimeInTwoSources_IsRefinedOnlyWhereTheyAgree(string inXmp, string expected)
    {
        var exif = new ExifBuilder().Text(0x9003, "2024:05:01 10:20:30").Text(0x9291, "25").Text(0x9011, "+02:00").Build();
        var packet = Xmp("", $"photoshop:DateCreated=\"{inXmp}\"");
        Assert.Equal($"CapturedAt: {expected}", Described.Read(Jpeg(ExifSegment(exif), XmpSegment(packet))));
    }

    [Fact]
    public void Read_FileTimeInXmp_IsWeakerThanTimeTakenInExif()
    {
        var exif = new ExifBuilder().Text(0x9003, "2024:05:01 10:20:30").Build();
        Assert.Equal("CapturedAt: 2024-05-01T10:20:30", Described.Read(Jpeg(ExifSegment(exif), XmpSegment(Xmp("", """xmp:CreateDate="2025-01-01T00:00:00" """)))));
    }

    [Fact]
    public void Read_NothingAnywhere_IsNull()
    {
        Assert.Equal("nothing", Described.Read(Jpeg()));
        Assert.Equal("nothing", Described.Read([]));
        Assert.Equal("nothing", Described.Read("text named .jpg"u8.ToArray(), ""));
    }
}
