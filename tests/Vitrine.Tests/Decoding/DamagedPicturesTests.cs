using Vitrine.Decoding;
using Vitrine.Images;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Tests.Decoding;

/// <summary>Pictures that end too early or have holes are shown as far as they go, if that is half of them.</summary>
[Collection(nameof(OneErrorBuffer))]
public sealed class DamagedPicturesTests : IDisposable
{
    private const string Whole = "ends early: the end of the file is missing; all of the picture is there";

    private readonly SamplePictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    private static readonly string[] s_formats = ["jpeg", "progressive", "png", "interlaced", "gif", "webp", "lossless"];

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
            Assert.InRange(TopDifference(whole, inspection), 0, 12);
        }
    }

    [Fact]
    public void Inspect_PngThatLacksOnlyItsEnd_IsWhole()
    {
        foreach (var format in (string[])["png", "interlaced"])
            Assert.NotNull(Inspect(File.ReadAllBytes(Make(format))[..^12]).Thumbnail);
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("interlaced")]
    [InlineData("gif")]
    [InlineData("webp")]
    public void Inspect_CutFile_ShowsWhatIsThere(string format)
    {
        var original = Make(format);
        var bytes = File.ReadAllBytes(original);
        var whole = InspectFile(original);

        var inspection = Inspect(bytes[..(bytes.Length * 4 / 5)]);

        Assert.True(inspection.Failure is null, inspection.Failure?.Reason);
        Assert.Matches("^partly damaged: about [5-9][0-9] % of the picture can be shown$", inspection.Warning);
        Assert.Equal(whole.Header, inspection.Header);
        Assert.InRange(TopDifference(whole, inspection), 0, format == "interlaced" ? 60 : 8); // every second row is black where the last pass is missing
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("interlaced")]
    [InlineData("gif")]
    [InlineData("webp")]
    [InlineData("lossless")]
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
        for (var part = 1; part < 40; part++)
        {
            var inspection = Inspect(bytes[..(bytes.Length * part / 40)]);

            Assert.NotNull(inspection.Identity);
            Assert.True(inspection.Failure is null == inspection.Thumbnail is not null, $"{part} of 40: {inspection.Failure?.Reason}");
        }
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
        "webp" => _pictures.WebP("a.webp"),
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

    /// <summary>Mean difference of the samples in the upper third, 0 to 255.</summary>
    private double TopDifference(Inspection a, Inspection b)
    {
        var (first, second) = (Rows(a), Rows(b));
        return first.Zip(second, (x, y) => Math.Abs(x - y)).Average();

        byte[] Rows(Inspection inspection)
        {
            var path = _pictures.Bytes("rows.webp", inspection.Thumbnail!.WebP);
            return PictureRenderer.Squash(new PictureSource("webp", null, path), 60)[..(60 * 60)];
        }
    }
}
