using Xunit;
using static Vitrine.Tests.Images.Metadata.PictureFiles;

namespace Vitrine.Tests.Images.Metadata;

public sealed class ExifReadingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_PhotographWithExif_FillsEveryField(bool bigEndian)
    {
        var exif = new ExifBuilder(bigEndian)
            .Text(0x010F, "NIKON CORPORATION").Text(0x0110, "NIKON D90  ").Text(0x010E, "A blue house").Text(0x013B, "Ann Example").Text(0x8298, "© Ann")
            .Short(0x4746, 4).Raw(0x9C9B, 1, ExifBuilder.Utf16("Häuser")).Raw(0x9C9E, 1, ExifBuilder.Utf16("blue;house;;blue; sea "))
            .Rational(0x829A, (1, 250)).Rational(0x829D, (28, 10)).Short(0x8827, 400).Rational(0x920A, (50, 1)).Text(0xA434, "50.0 mm f/1.8")
            .Text(0x9003, "2024:05:01 10:20:30").Text(0x9291, "25").Text(0x9011, "+02:00")
            .GpsText(1, "S").GpsRational(2, (33, 1), (51, 1), (3540, 100)).GpsText(3, "W").GpsRational(4, (70, 1), (30, 1), (0, 1))
            .GpsByte(5, 1).GpsRational(6, (125, 10));

        var read = Described.Read(Jpeg(ExifSegment(exif.Build())));

        Assert.Equal("""
            CapturedAt: 2024-05-01T10:20:30.25+02:00
            CameraMake: NIKON
            CameraModel: D90
            Lens: 50.0 mm f/1.8
            ExposureSeconds: 0.004
            FNumber: 2.8
            Iso: 400
            FocalLengthMillimetres: 50
            Latitude: -33.859833
            Longitude: -70.5
            AltitudeMetres: -12.5
            Title: Häuser
            Description: A blue house
            Keywords: blue | house | sea
            Rating: 4
            Creator: Ann Example
            Copyright: © Ann
            """, read);
    }

    [Fact]
    public void Read_TextInLatin1_IsDecoded() =>
        Assert.Equal("Creator: Jürgen Groß", ReadExif(new ExifBuilder().Raw(0x013B, 2, ExifBuilder.Latin1("Jürgen Groß"))));

    [Theory]
    [InlineData("0000:00:00 00:00:00")]
    [InlineData("    :  :     :  :  ")]
    [InlineData("2024:13:01 00:00:00")]
    [InlineData("2023:02:29 00:00:00")]
    [InlineData("65535:01:01 00:00:00")]
    [InlineData("2012:xx:05 10:00:00")]
    [InlineData("2012:05:xx 10:00:00")]
    public void Read_ImplausibleTime_IsNothing(string time) => Assert.Equal("nothing", ReadExif(new ExifBuilder().Text(0x9003, time)));

    [Theory]
    [InlineData("2012:5:9 9:05:03", "2012-05-09T09:05:03")]
    [InlineData("2012:5:19 09:05:03", "2012-05-19T09:05:03")]
    [InlineData("2007/06/30 18:45:17", "2007-06-30T18:45:17")]
    [InlineData("1993:08:     :  :  ", "1993-08-01T00:00:00")]
    [InlineData("2024-04-02T12:56:32", "2024-04-02T12:56:32")]
    [InlineData("2016:12:31 23:59:60", "2016-12-31T23:59:59")]
    public void Read_TimeAsDevicesWriteIt_IsRead(string time, string expected) =>
        Assert.Equal($"CapturedAt: {expected}", ReadExif(new ExifBuilder().Text(0x9003, time)));

    [Theory]
    [InlineData("+05:45", "2024-05-01T10:00:00+05:45")]
    [InlineData("Z", "2024-05-01T10:00:00+00:00")]
    [InlineData("   :  ", "2024-05-01T10:00:00")]
    public void Read_OffsetOfTheClock_IsKept(string offset, string expected) =>
        Assert.Equal($"CapturedAt: {expected}", ReadExif(new ExifBuilder().Text(0x9003, "2024:05:01 10:00:00").Text(0x9011, offset)));

    [Fact]
    public void Read_TextInWindows1252_IsDecoded() =>
        Assert.Equal("Description: Café – “quoted” € 5", ReadExif(new ExifBuilder().Raw(0x010E, 2, [.. "Caf"u8, 0xE9, .. " "u8, 0x96, .. " "u8, 0x93, .. "quoted"u8, 0x94, .. " "u8, 0x80, .. " 5\0"u8])));

    [Fact]
    public void Read_UserCommentInAnyCode_IsTheDescription()
    {
        (byte[] Bytes, string Expected)[] comments =
        [
            ([.. new byte[8], .. "Aunt Mary"u8], "Description: Aunt Mary"),
            ([.. "ASCII   Aunt Mary"u8], "Description: Aunt Mary"),
            ([.. "Unicode\0"u8, .. System.Text.Encoding.Unicode.GetBytes("Kyōto")], "Description: Kyōto"),
            ([.. "UNICODE\0"u8, 0xFE, 0xFF, .. System.Text.Encoding.BigEndianUnicode.GetBytes("京都市")], "Description: 京都市"),
            ([.. "ASCII\0\0\0"u8, .. new byte[20]], "nothing"),
        ];

        foreach (var (bytes, expected) in comments)
            Assert.Equal(expected, ReadExif(new ExifBuilder().Raw(0x9286, 7, bytes)));
    }

    [Fact]
    public void Read_PointersOfTypeDirectory_AreFollowed()
    {
        var block = new ExifBuilder().Text(0x9003, "2016:01:06 10:11:06").GpsText(1, "N").GpsRational(2, (49, 1), (0, 1), (0, 1)).GpsText(3, "E").GpsRational(4, (1, 1), (0, 1), (0, 1)).Build();
        for (var entry = 10; entry + 12 <= block.Length && block[entry + 1] is 0x87 or 0x88; entry += 12)
            block[entry + 2] = 13; // II: the pointers stand at the beginning of the first directory

        Assert.Equal("CapturedAt: 2016-01-06T10:11:06\nLatitude: 49\nLongitude: 1", Described.Read(PictureFiles.Jpeg(PictureFiles.ExifSegment(block))));
    }

    [Fact]
    public void Read_NoTimeTaken_FallsBackToDigitised() =>
        Assert.Equal("CapturedAt: 1999-12-31T23:59:59", ReadExif(new ExifBuilder().Text(0x9003, "0000:00:00 00:00:00").Text(0x9004, "1999:12:31 23:59:59")));

    [Fact]
    public void Read_PositionOfZerosWithoutHemisphere_IsNothing() =>
        Assert.Equal("nothing", ReadExif(new ExifBuilder().GpsRational(2, (0, 1), (0, 1), (0, 1)).GpsRational(4, (0, 1), (0, 1), (0, 1))));

    [Fact]
    public void Read_PositionOutOfRange_IsNothing() =>
        Assert.Equal("nothing", ReadExif(new ExifBuilder().GpsText(1, "N").GpsRational(2, (91, 1), (0, 1), (0, 1)).GpsText(3, "E").GpsRational(4, (5, 1), (0, 1), (0, 1))));

    [Fact]
    public void Read_MinutesOverZero_CountAsNone() =>
        Assert.Equal("Latitude: 45.5\nLongitude: 7.25", ReadExif(new ExifBuilder()
            .GpsText(1, "N").GpsRational(2, (455, 10), (0, 0), (0, 0)).GpsText(3, "E").GpsRational(4, (725, 100), (0, 0), (0, 0))));

    [Fact]
    public void Read_ZerosAndRatiosOverZero_AreNothing() =>
        Assert.Equal("nothing", ReadExif(new ExifBuilder().Rational(0x829A, (0, 1)).Rational(0x829D, (1, 0)).Short(0x8827, 0).Rational(0x920A, (0, 0)).Text(0xA434, "----")));

    [Fact]
    public void Read_SensitivityTooLargeForItsTag_ComesFromTheLargeOne() =>
        Assert.Equal("Iso: 102400", ReadExif(new ExifBuilder().Short(0x8827, 65535).Long(0x8832, 102400)));

    [Fact]
    public void Read_ApexValuesOnly_AreConverted() =>
        Assert.Equal("ExposureSeconds: 0.0625\nFNumber: 4", ReadExif(new ExifBuilder().Rational(0x9201, (4, 1)).Rational(0x9202, (4, 1))));

    [Fact]
    public void Read_LensSpecificationOnly_IsPutIntoWords()
    {
        Assert.Equal("Lens: 24-70 mm f/2.8", ReadExif(new ExifBuilder().Rational(0xA432, (24, 1), (70, 1), (28, 10), (28, 10))));
        Assert.Equal("Lens: 24-70 mm f/2.8", ReadExif(new ExifBuilder().Text(0xA434, "----").Rational(0xA432, (24, 1), (70, 1), (28, 10), (28, 10))));
    }

    [Fact]
    public void Read_DescriptionWrittenByTheCamera_IsNothing()
    {
        Assert.Equal("nothing", ReadExif(new ExifBuilder().Text(0x010E, "OLYMPUS DIGITAL CAMERA         ")));
        Assert.Equal("nothing", ReadExif(new ExifBuilder().Raw(0x9C9C, 1, ExifBuilder.Utf16("SONY DSC"))));
        Assert.Equal("nothing", Described.Read(Jpeg(IptcSegment(Dataset(120, "OLYMPUS DIGITAL CAMERA")))));
        Assert.Equal("nothing", Described.Read(Jpeg(XmpSegment(Xmp("<dc:description>SONY DSC</dc:description>")))));
        Assert.Equal("Description: Dom", Described.Read(Png(Chunk("tEXt", [.. "Description\0"u8, .. "Screenshot"u8]), Chunk("tEXt", [.. "Comment\0"u8, .. "Dom"u8]))));
        Assert.Equal("nothing", Described.Read(Png(Chunk("tEXt", [.. "Comment\0"u8, .. "Created with GIMP"u8]))));
    }

    [Fact]
    public void Read_UserCommentInUtf16OfEitherOrder_IsTheDescription()
    {
        byte[] little = [.. "UNICODE\0"u8, (byte)'h', 0, (byte)'i', 0];
        byte[] big = [.. "UNICODE\0"u8, 0, (byte)'h', 0, (byte)'i'];
        Assert.Equal("Description: hi", ReadExif(new ExifBuilder().Raw(0x9286, 7, little)));
        Assert.Equal("Description: hi", ReadExif(new ExifBuilder().Raw(0x9286, 7, big)));
    }

    [Fact]
    public void Read_OneValueOutsideTheBlock_LosesOnlyThatOne()
    {
        var exif = new ExifBuilder().Text(0x010F, "Canon").Text(0x0110, "Canon EOS 40D").Build();
        // The offset of the make: the first entry's last four bytes.
        exif.AsSpan(8 + 2 + 8, 4).Fill(0x7F);
        Assert.Equal("CameraModel: Canon EOS 40D", Described.Read(Jpeg(ExifSegment(exif))));
    }

    [Fact]
    public void Read_DirectoryPointingToItself_Ends()
    {
        var exif = new ExifBuilder().Text(0x010F, "Canon").Long(0x8769, 8).Build();
        Assert.Equal("CameraMake: Canon", Described.Read(Jpeg(ExifSegment(exif))));
    }

    [Fact]
    public void Read_ManyPointersToDirectories_StopsAtTheLimit()
    {
        // 1,000,000 sub-directories at 1,000,000 places, each of 4,096 entries: hours, if all were followed.
        var pointers = new byte[4_000_000];
        for (var i = 0; i < pointers.Length; i += 4)
            BitConverter.TryWriteBytes(pointers.AsSpan(i), 100 + (i / 4));
        byte[] tiff = [.. "II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x69, 0x87, 4, 0, .. BitConverter.GetBytes(1_000_000), .. BitConverter.GetBytes(26), 0, 0, 0, 0, .. pointers];
        Assert.Equal("nothing", Described.Read(tiff));
    }

    private static string ReadExif(ExifBuilder exif) => Described.Read(Jpeg(ExifSegment(exif.Build())));
}
