using Vitrine.Images;
using Xunit;

namespace Vitrine.Tests.Images;

public sealed class WebPContainerTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public void Strip_PictureWithExif_LeavesTheSimpleFormat()
    {
        byte[] image = [.. "VP8 "u8, 3, 0, 0, 0, 1, 2, 3, 0];
        byte[] webp = [.. "RIFF"u8, 50, 0, 0, 0, .. "WEBP"u8, .. "VP8X"u8, 10, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 9, 0, 0, .. image, .. "EXIF"u8, 2, 0, 0, 0, 1, 2];

        Assert.Equal([.. "RIFF"u8, 16, 0, 0, 0, .. "WEBP"u8, .. image], WebPContainer.Strip(webp));
    }

    [Fact]
    public void Strip_PictureOfLibvips_StillDecodes()
    {
        var stripped = WebPContainer.Strip(File.ReadAllBytes(_pictures.WebP("a.webp")));
        using var image = new PictureSource("webp", null, _pictures.Bytes("b.webp", stripped)).Open();

        using var pixels = image.ReadPixels();

        Assert.Equal((400, 300), (pixels.Width, pixels.Height));
        Assert.Equal(-1, stripped.AsSpan().IndexOf("EXIF"u8));
    }

    [Fact]
    public void Strip_SomethingElse_IsUnchanged()
    {
        byte[] text = [.. "not a picture"u8];

        Assert.Same(text, WebPContainer.Strip(text));
    }
}
