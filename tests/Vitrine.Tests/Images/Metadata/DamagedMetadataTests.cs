using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Images.Metadata;
using Xunit;
using static Vitrine.Tests.Images.Metadata.PictureFiles;

namespace Vitrine.Tests.Images.Metadata;

public sealed class DamagedMetadataTests
{
    private static readonly string s_packet = Xmp("<dc:title>House</dc:title><dc:subject><rdf:Bag><rdf:li>a</rdf:li></rdf:Bag></dc:subject>", """exif:GPSLatitude="1,2N" xmp:CreateDate="2024-01-01T00:00" """);
    private static readonly byte[] s_exif = new ExifBuilder().Text(0x010F, "Canon").Rational(0x829A, (1, 250)).Text(0x9003, "2024:05:01 10:20:30")
        .Bytes(700, Encoding.UTF8.GetBytes(s_packet)).Raw(33723, 7, Dataset(80, "Ann")).GpsText(1, "N").GpsRational(2, (10, 1), (0, 1), (0, 1)).Build();

    private static readonly byte[][] s_files =
    [
        Jpeg(ExifSegment(s_exif), IptcSegment([.. Dataset(5, "iptc"), .. Dataset(55, "20240501")]), XmpSegment(s_packet)),
        Png(XmpChunk(s_packet, compressed: true), Chunk("tEXt", "Title\0x"u8.ToArray()), Chunk("zTXt", [.. "Raw profile type exif\0"u8, 0, .. Deflate("\nexif\n 4\n49492a00\n"u8.ToArray())]), Chunk("eXIf", s_exif)),
        WebP(RiffChunk("EXIF", s_exif), RiffChunk("XMP ", Encoding.UTF8.GetBytes(s_packet))),
        Avif(s_exif, s_packet),
        Gif(s_packet),
        s_exif,
        [.. "FUJIFILMCCD-RAW "u8, .. new byte[68], 0, 0, 0, 92, 0, 0, 1, 0, .. Jpeg(ExifSegment(s_exif))],
    ];

    private static readonly Config s_runs = Config.QuickThrowOnFailure.WithMaxTest(3_000);

    [Fact]
    public void Read_RandomBytesBehindAnyBeginning_NeverThrows() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), Gen.Choose(0, s_files.Length - 1).ToArbitrary(), Gen.Choose(0, 40).ToArbitrary(),
            (noise, file, kept) => Survives([.. s_files[file].AsSpan(0, Math.Min(kept, s_files[file].Length)), .. noise])).Check(s_runs);

    [Fact]
    public void Read_FileCutAnywhere_NeverThrows()
    {
        foreach (var file in s_files)
        {
            for (var length = 0; length < file.Length; length++)
                Assert.True(Survives(file[..length]));
        }
    }

    [Fact]
    public void Read_FileWithChangedBytes_NeverThrows() =>
        Prop.ForAll(Gen.Choose(0, s_files.Length - 1).ToArbitrary(), Gen.Choose(0, int.MaxValue).Two().NonEmptyListOf().ToArbitrary(), (file, changes) =>
        {
            var bytes = (byte[])s_files[file].Clone();
            foreach (var (at, value) in changes.Take(16))
                bytes[at % bytes.Length] = (byte)value;
            return Survives(bytes);
        }).Check(s_runs);

    [Fact]
    public void Read_SidecarWithChangedCharacters_NeverThrows() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).Two().NonEmptyListOf().ToArbitrary(), changes =>
        {
            var bytes = Encoding.UTF8.GetBytes(s_packet);
            foreach (var (at, value) in changes.Take(16))
                bytes[at % bytes.Length] = (byte)value;
            return Survives([], bytes);
        }).Check(s_runs);

    [Fact]
    public async Task Read_BlockFullOfKeywords_TakesLinearTime()
    {
        // A tag of 8 MB with 1.3 million keywords; quadratic reading would take hours, so a test that ends is proof enough.
        var iptc = Enumerable.Range(0, (8 << 20) / 6).SelectMany(_ => Dataset(25, "k")).ToArray();
        var tiff = new ExifBuilder().Raw(33723, 7, iptc).Build();
        Assert.Equal("Keywords: k", await Task.Run(() => Described.Read(tiff)).OrTooLateAsync());
    }

    [Theory]
    [InlineData("bombs in a PNG")]
    [InlineData("extents of no size in an AVIF")]
    [InlineData("attributes in XMP")]
    [InlineData("namespaces in XMP")]
    [InlineData("extended XMP of a few bytes each in a JPEG")]
    public async Task Read_FileMadeToBeSlow_EndsSoon(string attack)
    {
        var many = Enumerable.Range(0, 200_000);
        var file = attack switch
        {
            "bombs in a PNG" => Png([.. Enumerable.Repeat(XmpChunk(new string(' ', 6 << 20), compressed: true), 500)]),
            "extents of no size in an AVIF" =>
            [
                .. Box("ftyp", [.. "avif"u8]),
                .. Box("meta", new byte[4], Box("iinf", [0, 0, 0, 0, 0, 1], Box("infe", [2, 0, 0, 0, 0, 1, 0, 0, .. "Exif"u8, 0])),
                    Box("iloc", [0, 0, 0, 0, 0, 0, 0xFF, 0xFF], [.. many.Take(65_535).SelectMany(_ => (byte[])[0, 1, 0, 0, 0xFF, 0xFF])])),
            ],
            "attributes in XMP" => Png(XmpChunk(Xmp("", string.Concat(many.Select(i => $"a{i}=\"\" "))))),
            "namespaces in XMP" => Png(XmpChunk(Xmp("", string.Concat(many.Select(i => $"xmlns:a{i}=\"u\" "))))),
            _ => Jpeg([XmpSegment(Xmp("", new string(' ', 60_000))), .. many.Select(i => ExtendedXmpSegment($"{i:X32}", [1], 1, 0))]),
        };
        Assert.Equal("nothing", await Task.Run(() => Described.Read(file)).OrTooLateAsync());
    }

    [Fact]
    public void Read_FromManyThreads_GivesTheSame()
    {
        var expected = s_files.Select(file => Described.Read(file)).ToList();
        Parallel.For(0, 400, i => Assert.Equal(expected[i % s_files.Length], Described.Read(s_files[i % s_files.Length])));
    }

    /// <summary>True when the read ends, and what survived is within its documented bounds.</summary>
    private static bool Survives(byte[] file, byte[]? sidecar = null)
    {
        var metadata = MetadataReader.Read(file, sidecar is null ? null : new ReadOnlyMemory<byte>(sidecar));
        return metadata is null
            || (metadata.Latitude is null == metadata.Longitude is null && metadata.Latitude is null or (>= -90 and <= 90) && metadata.Rating is null or (>= -1 and <= 5)
                && metadata.Keywords is not { Count: 0 } && metadata.Title != "");
    }
}
