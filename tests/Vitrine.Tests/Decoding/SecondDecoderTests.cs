using System.Text;
using ImageMagick;
using Vitrine.Decoding;
using Vitrine.Images;
using Vitrine.Images.Magick;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Tests.Decoding;

/// <summary>What libvips does not support and ImageMagick reads; and what ImageMagick must not do.</summary>
[Collection(nameof(OneErrorBuffer))]
public sealed class SecondDecoderTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    public SecondDecoderTests() => MagickLibrary.Initialize(memoryLimit: 256 << 20);

    public void Dispose() => _pictures.Dispose();

    public static TheoryData<string> Kinds => ["lab", "tiled planes", "twelve bits", "zstandard", "lzma", "zstandard on the second page", "old-style jpeg"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Inspect_TiffThatLibvipsDoesNotRead_IsDoubtfulThereAndShownHere(string kind)
    {
        var file = _pictures.Bytes("a.tif", Make(kind));

        var first = Inspect(file, usesMagick: false);
        var second = Inspect(file);

        Assert.True(first.Failure is { IsDoubtful: true } && DecodeFailures.IsUnsupported(first.Failure), $"{first.Failure}");
        Assert.True(second.Failure is null, $"{second.Failure}");
        Assert.Equal(kind == "tiled planes" ? new PictureHeader("tiff", 32, 16, 1, 1) : new PictureHeader("tiff", 40, 30, 1, kind.Contains("page", StringComparison.Ordinal) ? 2 : 1), second.Header);
        Assert.Null(second.Warning);
        Assert.Equal(first.Identity!.Sha256, second.Identity!.Sha256);
        AssertRed(second.Thumbnail!);
    }

    [Fact]
    public void Inspect_FormatsThatBothRead_LookTheSame()
    {
        string[] files =
        [
            _pictures.Jpeg("a.jpg", 90, 60, orientation: 6), _pictures.Png("a.png", 90, 60), _pictures.Png("b.png", 90, 60, transparent: true), _pictures.GreyPng("grey.png", 90, 60),
            _pictures.WebP("a.webp", 90, 60), _pictures.AnimatedGif("a.gif"), _pictures.Bmp("a.bmp", 90, 60), _pictures.SixteenBit("deep.tif", 90, 60),
            _pictures.Avif("a.avif", 90, 60),
        ];

        foreach (var file in files)
        {
            var (first, second) = (Inspect(file, usesMagick: false), Inspect(file));
            Assert.True(second.Failure is null, $"{file}: {second.Failure}");
            Assert.Equal((file, first.Header! with { Frames = 1 }), (file, second.Header));
            Assert.InRange(FileInspectorTests.Distance(first.Thumbnail!.PerceptualHash, second.Thumbnail!.PerceptualHash), 0, 12);
            for (var shift = 0; shift <= 16; shift += 8)
                Assert.InRange(Math.Abs(((first.Thumbnail.AverageColour >> shift) & 255) - ((second.Thumbnail.AverageColour >> shift) & 255)), 0, 3);
        }
    }

    [Fact]
    public void Inspect_Cmyk_IsConvertedByTheSamePath()
    {
        var file = _pictures.CmykJpeg("a.jpg", 90, 60);

        var (first, second) = (Inspect(file, usesMagick: false).Thumbnail!, Inspect(file).Thumbnail!);

        Assert.InRange(FileInspectorTests.Distance(first.PerceptualHash, second.PerceptualHash), 0, 20);
    }

    [Fact]
    public void Inspect_BeyondTheLimits_IsTooLarge()
    {
        var sized = Inspect(_pictures.Bytes("a.tif", SampleTiffs.Lab()), pixelLimit: 1_199);
        var filled = Inspect(_pictures.Bytes("b.tif", SampleTiffs.Lab(30_000, 30_000, rows: 1)), pixelLimit: long.MaxValue);

        Assert.Equal("too large: 40 x 30 is 0 megapixels, the limit is 0", sized.Failure?.Reason);
        Assert.StartsWith("too large: ", filled.Failure?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_DamagedPicture_FailsWithWordsOfTheFile()
    {
        var inspection = Inspect(_pictures.Bytes("a.tif", SampleTiffs.Lab(rows: 3)));

        Assert.NotNull(inspection.Failure);
        Assert.Null(inspection.Thumbnail);
        Assert.DoesNotContain("@", inspection.Failure.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("/tmp/", inspection.Failure.Reason, StringComparison.Ordinal);
        Assert.Equal(inspection.Failure, Inspect(_pictures.Bytes("b.tif", SampleTiffs.Lab(rows: 3))).Failure);
    }

    /// <summary>The codec within, libjpeg, only warns of what it fills with grey.</summary>
    [Fact]
    public void Inspect_DamagedJpegInATiff_Fails()
    {
        var jpeg = File.ReadAllBytes(_pictures.Jpeg("a.jpg", 40, 30));
        byte[] holed = [.. jpeg];
        var pixels = jpeg.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) + 14;
        for (var at = pixels + ((jpeg.Length - pixels) / 3); at + 2 < jpeg.Length; at += 2)
            (holed[at], holed[at + 1]) = (0xFF, 0xD0);

        Assert.Null(Inspect(_pictures.Bytes("a.tif", SampleTiffs.OldStyleJpeg(jpeg))).Failure);
        var cut = Inspect(_pictures.Bytes("cut.tif", SampleTiffs.OldStyleJpeg(jpeg[..((pixels + jpeg.Length) / 2)]))).Failure;
        var hole = Inspect(_pictures.Bytes("hole.tif", SampleTiffs.OldStyleJpeg(holed))).Failure;
        Assert.StartsWith("cut off: ImageMagick: ", cut?.Reason, StringComparison.Ordinal);
        Assert.Contains(": ImageMagick: ", hole?.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MagickFormat.Svg, "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>")]
    [InlineData(MagickFormat.Msvg, "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>")]
    [InlineData(MagickFormat.Mvg, "viewbox 0 0 1 1 image over 0,0 0,0 'https://example.invalid/a.png'")]
    [InlineData(MagickFormat.Msl, "<image><read filename='/etc/hostname'/></image>")]
    [InlineData(MagickFormat.Pdf, "%PDF-1.4")]
    [InlineData(MagickFormat.Ps, "%!PS")]
    [InlineData(MagickFormat.Eps, "%!PS")]
    [InlineData(MagickFormat.Txt, "text")]
    [InlineData(MagickFormat.Mp4, "video")]
    [InlineData(MagickFormat.Vips, "vips")]
    [InlineData(MagickFormat.Inline, "data:;base64,AAAA")]
    public void Policy_WhatIsNoRasterPicture_IsRefused(MagickFormat format, string content) =>
        Assert.Throws<MagickPolicyErrorException>(() => new MagickImage(Encoding.ASCII.GetBytes(content), format).Dispose());

    [Fact]
    public void Policy_ListsOfFilesAndAddresses_AreRefused()
    {
        var list = _pictures.Text("list.txt", _pictures.Png("a.png", 4, 4));

        foreach (var name in new[] { $"@{list}", "https://example.invalid/a.png", "msl:/etc/hostname", "label:text" })
            Assert.ThrowsAny<MagickException>(() => new MagickImage(name).Dispose());
    }

    [Fact]
    public void Inspect_DrawingNamedTiff_IsGivenToNoCoder()
    {
        foreach (var content in new[] { "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "push graphic-context\nviewbox 0 0 9 9" })
            Assert.NotNull(Inspect(_pictures.Text("a.tif", content)).Failure);
    }

    private byte[] Make(string kind) => kind switch
    {
        "lab" => SampleTiffs.Lab(),
        "tiled planes" => SampleTiffs.TiledPlanes(),
        "twelve bits" => SampleTiffs.TwelveBits(),
        "zstandard" => SampleTiffs.ZStandard(),
        "lzma" => SampleTiffs.Lzma(),
        "zstandard on the second page" => SampleTiffs.ZStandardOnTheSecondPage(),
        _ => SampleTiffs.OldStyleJpeg(File.ReadAllBytes(_pictures.PlainJpeg("red.jpg", 40, 30, 255, 0, 0))),
    };

    private static Inspection Inspect(string path, bool usesMagick = true, long pixelLimit = 500_000_000)
    {
        using var inspector = new FileInspector(pixelLimit, usesMagick);
        return inspector.Inspect(new InspectRequest(path), 320, new WebPEncoding(80, 2));
    }

    private static void AssertRed(PictureRendition thumbnail)
    {
        var (red, green, blue) = (thumbnail.AverageColour >> 16, (thumbnail.AverageColour >> 8) & 255, thumbnail.AverageColour & 255);
        Assert.True(red > 240 && green < 25 && blue < 25, $"{thumbnail.AverageColour:X6}");
    }
}
