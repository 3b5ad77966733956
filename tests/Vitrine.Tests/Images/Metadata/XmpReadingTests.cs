using System.Text;
using Xunit;
using static Vitrine.Tests.Images.Metadata.PictureFiles;

namespace Vitrine.Tests.Images.Metadata;

public sealed class XmpReadingTests
{
    private static readonly byte[] s_noMetadata = Jpeg();

    [Fact]
    public void Read_PropertiesAsElements_FillsEveryField()
    {
        var packet = Xmp("""
            <tiff:Make>SONY</tiff:Make><tiff:Model>ILCE-7M3</tiff:Model><aux:Lens>FE 24-70mm F2.8 GM</aux:Lens>
            <exif:ExposureTime>1/125</exif:ExposureTime><exif:FNumber>28/10</exif:FNumber><exif:FocalLength>350/10</exif:FocalLength>
            <exif:ISOSpeedRatings><rdf:Seq><rdf:li>200</rdf:li></rdf:Seq></exif:ISOSpeedRatings>
            <exif:GPSLatitude>43,28.0468N</exif:GPSLatitude><exif:GPSLongitude>11,53,6.5W</exif:GPSLongitude>
            <exif:GPSAltitudeRef>1</exif:GPSAltitudeRef><exif:GPSAltitude>25/2</exif:GPSAltitude>
            <photoshop:DateCreated>2024-05-01T10:20:30.5+02:00</photoshop:DateCreated>
            <dc:title><rdf:Alt><rdf:li xml:lang="de">Haus &amp; Hof</rdf:li><rdf:li xml:lang="x-default">House &amp; yard</rdf:li></rdf:Alt></dc:title>
            <dc:description><rdf:Alt><rdf:li xml:lang="x-default">A &#x48;ouse</rdf:li></rdf:Alt></dc:description>
            <dc:subject><rdf:Bag><rdf:li>house</rdf:li><rdf:li> </rdf:li><rdf:li>yard</rdf:li><rdf:li>house</rdf:li></rdf:Bag></dc:subject>
            <dc:creator><rdf:Seq><rdf:li>Ann</rdf:li><rdf:li>Bob</rdf:li></rdf:Seq></dc:creator>
            <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">CC BY 4.0</rdf:li></rdf:Alt></dc:rights>
            <xmpMM:History><rdf:Seq><rdf:li rdf:parseType="Resource"><stEvt:action>saved</stEvt:action></rdf:li></rdf:Seq></xmpMM:History>
            <xmp:Rating>-1</xmp:Rating>
            """);

        Assert.Equal("""
            CapturedAt: 2024-05-01T10:20:30.5+02:00
            CameraMake: SONY
            CameraModel: ILCE-7M3
            Lens: FE 24-70mm F2.8 GM
            ExposureSeconds: 0.008
            FNumber: 2.8
            Iso: 200
            FocalLengthMillimetres: 35
            Latitude: 43.467447
            Longitude: -11.885139
            AltitudeMetres: -12.5
            Title: House & yard
            Description: A House
            Keywords: house | yard
            Rating: -1
            Creator: Ann; Bob
            Copyright: CC BY 4.0
            """, Described.Read(Jpeg(XmpSegment(packet))));
    }

    [Fact]
    public void Read_PropertiesAsAttributes_AreRead() =>
        Assert.Equal("CameraMake: Canon\nRating: 3", Described.Read(s_noMetadata, Xmp("", """xmp:Rating="3" tiff:Make="Canon" """)));

    [Fact]
    public void Read_DarktableSidecar_TakesItsKindOfDate() =>
        Assert.Equal("CapturedAt: 2017-07-16T12:31:03.123\nKeywords: a b\nRating: 5",
            Described.Read(s_noMetadata, Xmp("<dc:subject><rdf:Seq><rdf:li>a b</rdf:li></rdf:Seq></dc:subject>", """exif:DateTimeOriginal="2017:07:16 12:31:03.123" xmp:Rating="5" """)));

    [Theory]
    [InlineData("43.0764", "N", "79.077", "W", "Latitude: 43.0764\nLongitude: -79.077")]
    [InlineData("36.804", "South", "174.7265", "East", "Latitude: -36.804\nLongitude: 174.7265")]
    [InlineData("43.0764", "N", "-79.077", "W", "Latitude: 43.0764\nLongitude: -79.077")]
    [InlineData("60.7319", null, "-135.0668", null, "Latitude: 60.7319\nLongitude: -135.0668")]
    [InlineData("43,30.6N", "S", "79,4.62W", "E", "Latitude: 43.51\nLongitude: -79.077")]
    public void Read_HemisphereOfItsOwn_CountsWhereTheValueHasNone(string latitude, string? north, string longitude, string? east, string expected)
    {
        string Reference(string name, string? value) => value is null ? "" : $"<exif:{name}>{value}</exif:{name}>";
        Assert.Equal(expected, Described.Read(s_noMetadata, Xmp(
            $"<exif:GPSLatitude>{latitude}</exif:GPSLatitude><exif:GPSLongitude>{longitude}</exif:GPSLongitude>{Reference("GPSLatitudeRef", north)}{Reference("GPSLongitudeRef", east)}")));
    }

    [Fact]
    public void Read_PrefixThatIsNotDeclared_CostsNothing()
    {
        var unknown = Xmp("<xmp:Rating>3</xmp:Rating><Camera:Trait>x</Camera:Trait><dc:title>sea</dc:title>", """Container:Item="y" """);
        Assert.Equal("Title: sea\nRating: 3", Described.Read(s_noMetadata, unknown));
        var known = System.Text.RegularExpressions.Regex.Replace(unknown, "xmlns:xmp=\"[^\"]*\"", "");
        Assert.NotEqual(unknown, known);
        Assert.Equal("Title: sea\nRating: 3", Described.Read(s_noMetadata, known));
        foreach (var prefix in (string[])["xmlfoo", "XMLNS", "日本", "élan"])
            Assert.Equal("Title: sea", Described.Read(s_noMetadata, Xmp($"<{prefix}:Trait>x</{prefix}:Trait><dc:title>sea</dc:title>")));
    }

    [Fact]
    public void Read_HierarchicalKeywordsOnly_GiveTheirLeaves()
    {
        Assert.Equal("Keywords: Rome | cat", Described.Read(s_noMetadata, Xmp("<digiKam:TagsList><rdf:Seq><rdf:li>Places/Italy/Rome</rdf:li><rdf:li>cat</rdf:li></rdf:Seq></digiKam:TagsList>")));
        Assert.Equal("Keywords: Rome", Described.Read(s_noMetadata, Xmp("<lr:hierarchicalSubject><rdf:Bag><rdf:li>Places|Italy|Rome</rdf:li></rdf:Bag></lr:hierarchicalSubject>")));
    }

    [Fact]
    public void Read_ValueWithQualifier_LeavesTheQualifierOut() =>
        Assert.Equal("Title: House", Described.Read(s_noMetadata, Xmp("""<dc:title rdf:parseType="Resource"><rdf:value>House</rdf:value><xmp:Label>red</xmp:Label></dc:title>""")));

    [Fact]
    public void Read_ValueSpreadOverManyNodes_IsJoined() =>
        Assert.Equal("Title: a<b c", Described.Read(s_noMetadata, Xmp("<dc:title><rdf:Alt><rdf:li>a&lt;b<!-- x --><![CDATA[ c]]></rdf:li></rdf:Alt></dc:title>")));

    [Fact]
    public void Read_EmptyElements_AreNothing() => Assert.Equal("nothing", Described.Read(s_noMetadata, Xmp("<dc:title/><dc:subject><rdf:Bag/></dc:subject><xmp:Rating></xmp:Rating>")));

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("iso-8859-1")]
    public void Read_SidecarInAnotherEncoding_IsDecoded(string encoding)
    {
        var packet = Xmp("", """tiff:Make="Zürich" """).Replace("\uFEFF", "", StringComparison.Ordinal);
        Assert.Equal("CameraMake: Zürich", Described.Read(s_noMetadata, Encoding.GetEncoding(encoding).GetBytes(packet)));
    }

    [Fact]
    public void Read_CutPacket_KeepsWhatIsBeforeTheCut()
    {
        var packet = Xmp("<dc:title>House</dc:title><dc:rights>CC</dc:rights>");
        Assert.Equal("Title: House", Described.Read(s_noMetadata, packet[..(packet.IndexOf("CC", StringComparison.Ordinal) + 1)]));
    }

    [Theory]
    [InlineData("""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>""", "&c;")]
    [InlineData("""<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/hostname">]>""", "&c;")]
    [InlineData("""<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">""", "plain")]
    public void Read_SidecarWithDocumentType_IsRefused(string documentType, string title)
    {
        var packet = Xmp($"<dc:title>{title}</dc:title>");
        packet = packet.Insert(packet.IndexOf("<x:xmpmeta", StringComparison.Ordinal), documentType);
        Assert.Equal("nothing", Described.Read(s_noMetadata, packet));
    }

    [Fact]
    public void Read_DeepSidecar_StopsAtTheLimit()
    {
        var deep = string.Concat(Enumerable.Repeat("<rdf:Bag>", 500_000));
        Assert.Equal("Title: House", Described.Read(s_noMetadata, Xmp($"<dc:title>House</dc:title><dc:subject>{deep}</dc:subject>")));
    }

    [Fact]
    public void Read_SidecarOverTheSizeLimit_IsRefused() =>
        Assert.Equal("nothing", Described.Read(s_noMetadata, Xmp("<dc:title>House</dc:title>") + new string(' ', 8 << 20)));

    [Theory]
    [InlineData("6")]
    [InlineData("five")]
    [InlineData("NaN")]
    public void Read_RatingOutOfRange_IsNothing(string rating) => Assert.Equal("nothing", Described.Read(s_noMetadata, Xmp("", $"xmp:Rating=\"{rating}\"")));

    [Theory]
    [InlineData("91,0N", "0,0E")]
    [InlineData("45,60.0N", "0,0E")]
    [InlineData("45,30N", "")]
    public void Read_PositionThatCannotBe_IsNothing(string latitude, string longitude) =>
        Assert.Equal("nothing", Described.Read(s_noMetadata, Xmp("", $"exif:GPSLatitude=\"{latitude}\" exif:GPSLongitude=\"{longitude}\"")));
}
