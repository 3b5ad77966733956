using Vitrine.Images;
using Vitrine.Images.Vips;
using Vitrine.Tests.Decoding;
using Xunit;

namespace Vitrine.Tests.Images;

public sealed class PictureHashTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public void Compute_ScaledAndRecompressed_StaysNear()
    {
        var original = Hash(_pictures.Png("a.png", 800, 600));

        Assert.InRange(FileInspectorTests.Distance(original, Hash(_pictures.Jpeg("b.jpg", 300, 225, quality: 50))), 0, 31);
        Assert.InRange(FileInspectorTests.Distance(original, Hash(_pictures.Jpeg("c.jpg", 1600, 1200, quality: 70))), 0, 31);
    }

    [Fact]
    public void Compute_Brightened_StaysNear()
    {
        using var image = new PictureSource("png", null, _pictures.Png("a.png")).Open();
        using var brighter = new VipsOperation("linear").With("in", image).With("a", [0.9]).With("b", [20.0]).With("uchar", true).Run("out");

        Assert.InRange(FileInspectorTests.Distance(Hash(_pictures.Png("b.png")), Hash(brighter)), 0, 31);
    }

    [Fact]
    public void Compute_OtherPictures_AreFar()
    {
        var hashes = Enumerable.Range(1, 8).Select(seed => Hash(_pictures.Png($"{seed}.png", seed: seed))).ToArray();

        for (var i = 0; i < hashes.Length; i++)
        {
            for (var j = 0; j < i; j++)
                Assert.InRange(FileInspectorTests.Distance(hashes[i], hashes[j]), 40, 256);
        }
    }

    [Fact]
    public void Compute_AnyPicture_SetsHalfOfTheBits()
    {
        var set = FileInspectorTests.Distance(Hash(_pictures.Png("a.png")), new byte[32]);

        Assert.InRange(set, 120, 128);
    }

    [Fact]
    public void Compute_PlainPicture_IsZeroWhateverItsColour()
    {
        Assert.Equal(new byte[32], Hash(_pictures.PlainPng("a.png", 320, 200)));
        Assert.Equal(new byte[32], Hash(_pictures.PlainPng("b.png", 1, 1, 3, 7, 250)));
    }

    [Fact]
    public void Compute_GreyAndColour_AgreeOnGreyPixels()
    {
        byte[] grey = [0, 80, 160, 240, 20, 60, 100, 140, 250], colour = [.. grey.SelectMany(value => new[] { value, value, value })];

        Assert.Equal(PictureHash.Compute(AreaMeans.Of(grey, 3, 3, 1, PictureHash.Side)), PictureHash.Compute(AreaMeans.Of(colour, 3, 3, 3, PictureHash.Side)));
    }

    [Theory]
    [InlineData(new byte[] { 10, 20, 30, 30, 40, 50 }, 3, 0x141E28)]
    [InlineData(new byte[] { 10, 20, 30, 255, 200, 200, 200, 0 }, 4, 0x0A141E)]
    [InlineData(new byte[] { 1, 2, 3, 0 }, 4, 0xFFFFFF)]
    [InlineData(new byte[] { 100, 200 }, 1, 0x969696)]
    [InlineData(new byte[] { 100, 255, 200, 0 }, 2, 0x646464)]
    public void AverageColour_Pixels_AreWeighedByOpacity(byte[] pixels, int bands, int expected) =>
        Assert.Equal(expected, AverageColour.Compute(pixels, bands));

    private static byte[] Hash(string path)
    {
        using var image = new PictureSource(PictureFormats.FindOrNull(File.ReadAllBytes(path))!, null, path).Open();
        return Hash(image);
    }

    private static byte[] Hash(VipsImage image)
    {
        using var pixels = image.ReadPixels();
        return PictureHash.Compute(AreaMeans.Of(pixels.Span, pixels.Width, pixels.Height, pixels.Bands, PictureHash.Side));
    }
}
