using System.Buffers.Binary;
using System.IO.Hashing;
using Vitrine.Decoding;
using Vitrine.Images;
using Vitrine.Images.Damaged;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Tests.Decoding;

/// <summary>Pictures that end too early or have holes are shown as far as they go, if that is half of them.</summary>
[Collection(nameof(OneErrorBuffer))]
public sealed class DamagedPicturesTests : IDisposable
{
    private const string Whole = "ends early: the end of the file is missing; all of the picture is there", FirstFrame = "ends early: the end of the animation is missing; its first frame is whole",
        SomeRows = "partly damaged: some rows of the picture may be wrong", About = "^partly damaged: about [5-9][0-9] % of the picture can be shown$";

    private readonly SamplePictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    private static readonly string[] s_formats = ["jpeg", "progressive", "png", "interlaced", "gif", "moving gif", "webp", "lossless", "moving webp", "tiff", "deep tiff", "bmp"];

    public static TheoryData<string> Formats => [.. s_formats];

    [Theory]
    [InlineData(2, "")]
    [InlineData(1, "")]
    [InlineData(2, "SEFH, and what else phones put behind a picture")]
    public void Inspect_JpegThatLacksOnlyItsEnd_IsWholeWithAWarning(int cut, string instead)
    {
        foreach (var original in new[] { _pictures.Jpeg("a.jpg"), _pictures.CmykJpeg("c.jpg") })
        {
            var bytes = File.ReadAllBytes(original)[..^cut];
            var inspection = Inspect([.. bytes, .. System.Text.Encoding.ASCII.GetBytes(instead)]);

            Assert.Null(inspection.Failure);
            Assert.Equal(Whole, inspection.Warning);
            Assert.Equal(InspectFile(original).Thumbnail!.PerceptualHash, inspection.Thumbnail!.PerceptualHash);
        }
    }

    [Fact]
    public void Inspect_SoundPicture_HasNoWarning()
    {
        foreach (var format in s_formats)
            Assert.Null(InspectFile(Make(format)).Warning);
        Assert.Null(Inspect([.. File.ReadAllBytes(_pictures.Jpeg("a.jpg")), .. "what phones put behind a picture"u8]).Warning);
        Assert.Null(Inspect([.. File.ReadAllBytes(_pictures.Jpeg("a.jpg"))[..^2], .. "extraneous"u8, 0xFF, 0xD9]).Warning);
    }

    /// <summary>libtiff finds no second page where the first says that it is.</summary>
    [Fact]
    public void Inspect_TiffWhoseSecondPageIsDamaged_IsShownWithoutAWarning()
    {
        var inspection = InspectFile(_pictures.StripedTiff("a.tif", nextPage: 100_000_000));

        Assert.True(inspection is { Failure: null, Warning: null, Thumbnail: not null }, $"{inspection.Failure} {inspection.Warning}");
    }

    [Fact]
    public void Inspect_ProgressiveJpegThatEndsEarly_IsShownAsCoarseAsItIs()
    {
        var original = _pictures.ProgressiveJpeg("a.jpg");
        var bytes = File.ReadAllBytes(original);
        var whole = InspectFile(original);

        foreach (var length in new[] { bytes.Length - 2, bytes.Length * 4 / 5, bytes.Length / 3 })
        {
            var inspection = Inspect(bytes[..length]);
            Assert.StartsWith("partly damaged: ", inspection.Warning, StringComparison.Ordinal);
            Assert.InRange(Difference(whole, inspection), 0, 12);
        }
    }

    [Fact]
    public void Inspect_PngThatLacksOnlyItsEnd_IsWhole()
    {
        foreach (var format in (string[])["png", "interlaced"])
            AssertWhole(File.ReadAllBytes(Make(format))[..^12], Whole, InspectFile(Make(format)));
    }

    [Fact]
    public void Inspect_WebPCutBehindItsPixels_IsWhole()
    {
        foreach (var format in (string[])["webp", "lossless", "moving webp"])
        {
            var bytes = File.ReadAllBytes(Make(format));
            var exif = bytes.AsSpan().LastIndexOf("EXIF"u8);

            foreach (var length in new[] { bytes.Length - 10, exif + 8 })
                AssertWhole(bytes[..length], Whole, InspectFile(Make(format)));
        }
    }

    [Theory]
    [InlineData("moving gif")]
    [InlineData("moving webp")]
    public void Inspect_AnimationCutInALaterFrame_ShowsItsFirst(string format)
    {
        var bytes = File.ReadAllBytes(Make(format));
        var whole = InspectFile(Make(format));

        for (var part = 45; part <= 90; part += 15)
            AssertWhole(bytes[..(bytes.Length * part / 100)], FirstFrame, whole);
        if (format == "moving gif") // within what stands before the pixels of a frame
            AssertWhole(bytes[..(bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x21, 0xF9, 4]) + 4)], FirstFrame, whole);
    }

    [Fact]
    public void Inspect_AnimationCutInItsFirstFrame_ShowsWhatIsThereOfIt()
    {
        var bytes = File.ReadAllBytes(Make("moving webp"));
        var frame = bytes.AsSpan().IndexOf("ANMF"u8);
        var end = frame + 8 + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(frame + 4));

        var most = Inspect(bytes[..(frame + ((end - frame) * 4 / 5))]);
        var little = Inspect(bytes[..(frame + ((end - frame) / 4))]);

        Assert.Matches(About, most.Warning);
        Assert.Equal(InspectFile(Make("moving webp")).Header! with { Frames = 1 }, most.Header);
        Assert.InRange(Difference(InspectFile(Make("moving webp")), most), 0, 8);
        Assert.StartsWith("cut off: ", little.Failure?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_CutBmp_ShowsTheRowsThatAreThere()
    {
        var bytes = File.ReadAllBytes(Make("bmp"));
        var whole = InspectFile(Make("bmp"));

        var inspection = Inspect(bytes[..(bytes.Length * 4 / 5)]);

        Assert.Matches(About, inspection.Warning);
        Assert.Equal(whole.Header, inspection.Header);
        Assert.InRange(Difference(whole, inspection, isBelow: true), 0, 8); // the top is missing
    }

    /// <summary>Most of the file is its upper part: nearly all of the picture is there, though its lower part is of one colour.</summary>
    [Fact]
    public void Inspect_PictureWithAPlainLowerPart_IsNotTakenForMissing()
    {
        var gif = File.ReadAllBytes(_pictures.PlainBelow("a.gif", "gifsave_buffer"));
        var jpeg = File.ReadAllBytes(_pictures.PlainBelow("a.jpg", "jpegsave_buffer"));

        var cut = Inspect(gif[..(gif.Length * 995 / 1000)]);
        var coarse = Inspect(jpeg[..(jpeg.Length * 97 / 100)]);
        var second = Inspect(jpeg[..(SecondScan(jpeg) + 30)]);
        var first = Inspect(jpeg[..(SecondScan(jpeg) / 4)]);

        Assert.Matches(About, cut.Warning);
        Assert.Equal("partly damaged: the file ends early; the picture may be coarser than it was", coarse.Warning);
        Assert.Equal(coarse.Warning, second.Warning);
        Assert.StartsWith("cut off: ", first.Failure?.Reason, StringComparison.Ordinal);

        static int SecondScan(byte[] jpeg) => jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) is var scan ? scan + 2 + jpeg.AsSpan(scan + 2).IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) : 0;
    }

    [Fact]
    public void Inspect_NoiseThatBecomesLongerWhenPacked_IsShownAsFarAsItGoes()
    {
        var bytes = File.ReadAllBytes(_pictures.NoisyInterlacedPng("a.png"));

        var inspection = Inspect(bytes[..(bytes.Length * 9 / 10)]);

        Assert.True(inspection.Failure is null, inspection.Failure?.Reason);
        Assert.Matches(About, inspection.Warning);
    }

    [Fact]
    public void Inspect_PngWhosePixelsHaveAWrongSum_IsNotToldToEndEarly()
    {
        foreach (var format in (string[])["png", "interlaced"])
            Assert.Equal(SomeRows, Inspect(InOneChunk(File.ReadAllBytes(Make(format)), hasWrongSum: true)).Warning);
    }

    [Fact]
    public void Inspect_SpoiltPngWithItsEnd_IsDamagedAndNotCutOff()
    {
        var png = InOneChunk(File.ReadAllBytes(Make("png")));
        var pixels = png.AsSpan().IndexOf("IDAT"u8) + 4;
        byte[] spoilt = [.. png];
        spoilt.AsSpan(pixels + 2, 200).Fill(0xFF);
        byte[] few = [.. png[..(pixels - 8)], .. Chunk("IDAT"u8, Images.Metadata.PictureFiles.Deflate(new byte[2_000])), .. Chunk("IEND"u8, [])];

        Assert.Equal("damaged: the checksum of the chunk IDAT of the PNG is wrong", Inspect(spoilt).Failure?.Reason);
        foreach (var whole in new[] { InOneChunk(spoilt), few })
            Assert.StartsWith("damaged: the chunks of the PNG are whole, but not what they hold (", Inspect(whole).Failure?.Reason, StringComparison.Ordinal);
        Assert.StartsWith("cut off: ", Inspect(spoilt[..(pixels + 100)]).Failure?.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((byte)0xD0)]
    [InlineData((byte)0xD9)]
    public void Inspect_JpegWithAHole_HasAWarning(byte marker)
    {
        var bytes = File.ReadAllBytes(Make("jpeg"));
        for (var at = bytes.Length / 2; at < (bytes.Length / 2) + 600; at += 2)
            (bytes[at], bytes[at + 1]) = (0xFF, marker);

        var inspection = Inspect(bytes);

        Assert.True(inspection is { Failure: null, Warning: SomeRows }, $"{inspection.Failure} {inspection.Warning}");
    }

    [Fact]
    public void Inspect_TiffWithAHole_HasAWarning()
    {
        var bytes = File.ReadAllBytes(Make("deep tiff"));
        // The first two bytes of a strip say how it is packed.
        var strip = bytes.Length / 4;
        strip += bytes.AsSpan(strip).IndexOf((ReadOnlySpan<byte>)[0x78, 0x9C]);
        bytes.AsSpan(strip, 2).Fill(0xFF);

        var inspection = Inspect(bytes);

        Assert.True(inspection is { Failure: null, Warning: SomeRows }, $"{inspection.Failure} {inspection.Warning}");
        Assert.InRange(Difference(InspectFile(Make("deep tiff")), inspection, isBelow: true), 0, 8);
    }

    [Fact]
    public void Inspect_GifWithAHole_IsShownUpToThere()
    {
        var bytes = File.ReadAllBytes(Make("gif"));
        bytes.AsSpan(bytes.Length * 7 / 10, 400).Fill(0xFF);

        var inspection = Inspect(bytes);

        Assert.True(inspection.Failure is null, inspection.Failure?.Reason);
        Assert.Matches(About, inspection.Warning);
        Assert.InRange(Difference(InspectFile(Make("gif")), inspection), 0, 8);
    }

    /// <summary>A file of a few bytes may promise any number of pixels: libvips opens it only leniently, and would hold all of them.</summary>
    [Fact]
    public void Inspect_DamagedPictureOfTooManyPixels_IsTooLarge()
    {
        byte[] gif = [.. "GIF89a"u8, 0xC0, 0x5D, 0xC0, 0x5D, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2C, 0, 0, 0, 0, 0xC0, 0x5D, 0xC0, 0x5D, 0, 2, 5, 0x84, 0x11];

        var inspection = Inspect(gif);

        Assert.Equal("too large: 24000 x 24000 is 576 megapixels, the limit is 500", inspection.Failure?.Reason);
        Assert.Equal((24_000, 24_000), (inspection.Header?.Width, inspection.Header?.Height));
    }

    [Fact]
    public void Repair_MorePixelsThanMemory_IsNotTried()
    {
        using var content = FileBuffer.Join(File.ReadAllBytes(Make("gif")).AsSpan()[..^500]);
        var damaged = new PictureSource("gif", content, "");

        Assert.Null(PictureRepair.RepairOrNull(damaged, rawLimit: (400 * 300 * 4) - 1));
        using var repaired = PictureRepair.RepairOrNull(damaged, rawLimit: 400 * 300 * 4);
        Assert.NotNull(repaired);
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("interlaced")]
    [InlineData("gif")]
    [InlineData("webp")]
    [InlineData("tiff")]
    [InlineData("deep tiff")]
    public void Inspect_CutFile_ShowsWhatIsThere(string format)
    {
        var original = Make(format);
        var bytes = File.ReadAllBytes(original);
        var whole = InspectFile(original);

        var inspection = Inspect(bytes[..(bytes.Length * 4 / 5)]);

        Assert.True(inspection.Failure is null, inspection.Failure?.Reason);
        Assert.Matches(About, inspection.Warning);
        Assert.Equal(whole.Header, inspection.Header);
        Assert.InRange(Difference(whole, inspection), 0, format == "interlaced" ? 60 : 8); // every second row is black where the last pass is missing
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("interlaced")]
    [InlineData("gif")]
    [InlineData("webp")]
    [InlineData("lossless")]
    [InlineData("moving gif")]
    [InlineData("moving webp")]
    [InlineData("tiff")]
    [InlineData("deep tiff")]
    [InlineData("bmp")]
    public void Inspect_FileOfWhichLittleIsThere_FailsAsCutOff(string format)
    {
        var bytes = File.ReadAllBytes(Make(format));

        var inspection = Inspect(bytes[..(bytes.Length / 8)]);

        Assert.StartsWith("cut off: ", inspection.Failure?.Reason, StringComparison.Ordinal);
        Assert.Null(inspection.Warning);
        Assert.Null(inspection.Thumbnail);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Inspect_CutAnywhere_IsARowWithAReasonOrAPicture(string format)
    {
        var bytes = File.ReadAllBytes(Make(format));
        for (var part = 1; part < 40; part += 3)
        {
            var inspection = Inspect(bytes[..(bytes.Length * part / 40)]);

            Assert.NotNull(inspection.Identity);
            Assert.True(inspection.Failure is null == inspection.Thumbnail is not null, $"{part} of 40: {inspection.Failure?.Reason}");
        }
    }

    /// <summary>libvips reads 8 KiB at once, and shows nothing of them where they end early: of a small picture that is all.</summary>
    [Fact]
    public void Inspect_SmallPngCutInItsOnlyChunk_ShowsWhatIsThere()
    {
        var bytes = InOneChunk(File.ReadAllBytes(_pictures.Png("small.png", 60, 45)));

        var inspection = Inspect(bytes[..(bytes.Length * 4 / 5)]);

        Assert.InRange(bytes.Length, 500, 8 << 10);
        Assert.Matches(About, inspection.Warning);
        Assert.InRange(Difference(Inspect(bytes), inspection), 0, 8);
    }

    [Fact]
    public void Inspect_PngWithAHole_IsShownUpToThere()
    {
        var bytes = File.ReadAllBytes(Make("png"));
        bytes.AsSpan(bytes.Length * 7 / 10, 400).Fill(0xFF);

        var inspection = Inspect(bytes);

        Assert.StartsWith("partly damaged: ", inspection.Warning, StringComparison.Ordinal);
        Assert.NotNull(inspection.Thumbnail);
    }

    [Fact]
    public void Inspect_FileAfterDamagedOnes_IsToldOnlyItsOwnFaults()
    {
        var cut = File.ReadAllBytes(_pictures.Png("cut.png"))[..200];
        var alone = Inspect(cut).Failure;
        using var inspector = new FileInspector(500_000_000);
        foreach (var format in s_formats)
        {
            var bytes = File.ReadAllBytes(Make(format));
            _ = Inspect(inspector, bytes[..(bytes.Length * 3 / 4)]);
        }

        Assert.Equal(alone, Inspect(inspector, cut).Failure);
    }

    private string Make(string format) => format switch
    {
        "jpeg" => _pictures.Jpeg("a.jpg"),
        "progressive" => _pictures.ProgressiveJpeg("a.jpg"),
        "png" => _pictures.Png("a.png"),
        "interlaced" => _pictures.InterlacedPng("a.png"),
        "gif" => _pictures.AnimatedGif("a.gif", 400, 300, frames: 1),
        "moving gif" => _pictures.AnimatedGif("a.gif", 400, 300, frames: 3),
        "webp" => _pictures.WebP("a.webp"),
        "moving webp" => _pictures.AnimatedWebP("a.webp", 400, 300, frames: 3),
        "tiff" => _pictures.StripedTiff("a.tif"),
        "deep tiff" => _pictures.StripedTiff("a.tif", isDeep: true),
        "bmp" => _pictures.Bmp("a.bmp", 400, 300),
        _ => _pictures.LosslessWebP("a.webp"),
    };

    private Inspection Inspect(byte[] bytes) => InspectFile(_pictures.Bytes("damaged", bytes));

    private Inspection Inspect(FileInspector inspector, byte[] bytes) =>
        inspector.Inspect(new InspectRequest(_pictures.Bytes("damaged", bytes)), 320, new WebPEncoding(80, 2));

    private static Inspection InspectFile(string path)
    {
        using var inspector = new FileInspector(500_000_000);
        return inspector.Inspect(new InspectRequest(path), 320, new WebPEncoding(80, 2));
    }

    private void AssertWhole(byte[] bytes, string warning, Inspection whole)
    {
        var inspection = Inspect(bytes);
        Assert.True(inspection.Failure is null, $"{bytes.Length} bytes: {inspection.Failure?.Reason}");
        Assert.Equal((bytes.Length, warning), (bytes.Length, inspection.Warning));
        Assert.Equal(whole.Thumbnail!.PerceptualHash, inspection.Thumbnail!.PerceptualHash);
    }

    /// <summary>All pixels in one chunk, whose last four bytes are a sum of them.</summary>
    private static byte[] InOneChunk(byte[] png, bool hasWrongSum = false)
    {
        List<byte> packed = [];
        var first = 0;
        for (var at = 8; at < png.Length; at += 12 + BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at)))
        {
            if (!png.AsSpan(at + 4).StartsWith("IDAT"u8))
                continue;
            first = first == 0 ? at : first;
            packed.AddRange(png.AsSpan(at + 8, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at))));
        }

        if (hasWrongSum)
            packed[^1] ^= 0xFF;
        return [.. png[..first], .. Chunk("IDAT"u8, [.. packed]), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. name, .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.HashToUInt32(chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }

    /// <summary>Mean difference of the samples in the upper or the lower third, 0 to 255.</summary>
    private double Difference(Inspection a, Inspection b, bool isBelow = false)
    {
        var (first, second) = (Rows(a), Rows(b));
        return first.Zip(second, (x, y) => Math.Abs(x - y)).Average();

        byte[] Rows(Inspection inspection)
        {
            var path = _pictures.Bytes("rows.webp", inspection.Thumbnail!.WebP);
            var rows = PictureRenderer.Squash(new PictureSource("webp", null, path), 60);
            return isBelow ? rows[^(60 * 60)..] : rows[..(60 * 60)];
        }
    }
}
