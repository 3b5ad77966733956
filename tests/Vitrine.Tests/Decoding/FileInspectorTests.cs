using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Vitrine.Decoding;
using Vitrine.Images;
using Vitrine.Images.Vips;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Tests.Decoding;

[Collection(nameof(OneErrorBuffer))]
public sealed class FileInspectorTests : IDisposable
{
    private const long PixelLimit = 500_000_000;
    private readonly SamplePictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public void Inspect_Jpeg_HashesItsBytes()
    {
        var path = _pictures.Jpeg("a.jpg");
        var bytes = File.ReadAllBytes(path);

        var identity = Inspect(path).Identity!;

        Assert.Equal(SHA256.HashData(bytes), identity.Sha256);
#pragma warning disable CA5351 // What is tested is MD5.
        Assert.Equal(MD5.HashData(bytes), identity.Md5);
#pragma warning restore CA5351
        Assert.Equal(bytes.Length, identity.Size);
    }

    [Fact]
    public void Inspect_EveryFormat_GivesHeaderAndThumbnail()
    {
        (string Path, string Format, int Frames)[] files =
        [
            (_pictures.Jpeg("a.jpg", 400, 300), "jpeg", 1),
            (_pictures.Png("a.png", 400, 300), "png", 1),
            (_pictures.WebP("a.webp", 400, 300), "webp", 1),
            (_pictures.AnimatedGif("a.gif", 400, 300), "gif", 3),
            (_pictures.AnimatedWebP("moving.webp", 400, 300), "webp", 3),
            (_pictures.Tiff("a.tif", 400, 300), "tiff", 1),
            (_pictures.Bmp("a.bmp", 400, 300), "bmp", 1),
            (_pictures.Avif("a.avif", 400, 300), "avif", 1),
            (_pictures.CmykJpeg("cmyk.jpg", 400, 300), "jpeg", 1),
            (_pictures.SixteenBit("deep.png", 400, 300), "png", 1),
            (_pictures.SixteenBit("deep.tif", 400, 300), "tiff", 1),
            (_pictures.GreyPng("grey.png", 400, 300), "png", 1),
            (_pictures.Text("a.svg", """<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="#c86432"/></svg>"""), "svg", 1),
        ];

        foreach (var (path, format, frames) in files)
        {
            var inspection = Inspect(path);
            Assert.True(inspection.Failure is null, $"{path}: {inspection.Failure?.Reason}");
            Assert.Equal(new PictureHeader(format, 400, 300, 1, frames), inspection.Header);
            Assert.Equal((320, 240), (inspection.Thumbnail!.Width, inspection.Thumbnail.Height));
            Assert.Equal("webp", PictureFormats.FindOrNull(inspection.Thumbnail.WebP));
            Assert.Equal(32, inspection.Thumbnail.PerceptualHash.Length);
        }
    }

    [Fact]
    public void Inspect_SamePictureInManyFormats_LooksTheSame()
    {
        var reference = Inspect(_pictures.Png("a.png")).Thumbnail!;
        string[] others =
        [
            _pictures.Jpeg("a.jpg"), _pictures.WebP("a.webp"), _pictures.Tiff("a.tif"), _pictures.Bmp("a.bmp", 400, 300), _pictures.SixteenBit("deep.png"),
            _pictures.SixteenBit("deep.tif"), _pictures.AnimatedGif("a.gif", 400, 300), _pictures.AnimatedWebP("moving.webp", 400, 300), _pictures.Avif("a.avif", 400, 300),
        ];

        foreach (var other in others)
        {
            var thumbnail = Inspect(other).Thumbnail!;
            Assert.InRange(Distance(reference.PerceptualHash, thumbnail.PerceptualHash), 0, 31);
            AssertNear(reference.AverageColour, thumbnail.AverageColour, 6, other);
        }
    }

    [Theory]
    [InlineData(1, 400, 300)]
    [InlineData(3, 400, 300)]
    [InlineData(6, 300, 400)]
    [InlineData(8, 300, 400)]
    public void Inspect_OrientedJpeg_GivesDimensionsAndThumbnailAsShown(int orientation, int width, int height)
    {
        var inspection = Inspect(_pictures.Jpeg("a.jpg", 400, 300, orientation: orientation));

        Assert.Equal(new PictureHeader("jpeg", width, height, orientation, 1), inspection.Header);
        Assert.Equal(width > height ? (320, 240) : (240, 320), (inspection.Thumbnail!.Width, inspection.Thumbnail.Height));
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(1, 20_000, 1, 320)]
    [InlineData(20_000, 1, 320, 1)]
    [InlineData(100, 80, 100, 80)]
    public void Inspect_OddDimensions_NeverEnlargesAndKeepsAPixel(int width, int height, int thumbnailWidth, int thumbnailHeight)
    {
        foreach (var path in new[] { _pictures.Png("a.png", width, height), _pictures.Jpeg("a.jpg", width, height) })
        {
            var inspection = Inspect(path);
            Assert.Null(inspection.Failure);
            Assert.Equal((width, height), (inspection.Header!.Width, inspection.Header.Height));
            Assert.Equal((thumbnailWidth, thumbnailHeight), (inspection.Thumbnail!.Width, inspection.Thumbnail.Height));
        }
    }

    [Fact]
    public void Inspect_TransparentPng_KeepsTransparencyAndWeighsColour()
    {
        var opaque = Inspect(_pictures.Png("a.png", 200, 100)).Thumbnail!;
        var thumbnail = Inspect(_pictures.Png("b.png", 200, 100, transparent: true)).Thumbnail!;
        var path = _pictures.Bytes("thumbnail.webp", thumbnail.WebP);

        using var image = new PictureSource("webp", null, path).Open();
        Assert.Equal(4, image.Bands);
        Assert.NotEqual(opaque.AverageColour, thumbnail.AverageColour);
    }

    [Fact]
    public void Inspect_EnormousPlainPng_IsRefusedWithItsHeader()
    {
        var inspection = Inspect(_pictures.EnormousPng("bomb.png", 30_000, 30_000));

        Assert.Equal(new DecodeFailure("too large: 30000 x 30000 is 900 megapixels, the limit is 500", Transient: false), inspection.Failure);
        Assert.Equal(new PictureHeader("png", 30_000, 30_000, 1, 1), inspection.Header);
        Assert.NotNull(inspection.Identity);
        Assert.Null(inspection.Thumbnail);
    }

    [Fact]
    public void Inspect_PixelLimitGiven_IsHeeded()
    {
        foreach (var path in new[] { _pictures.Jpeg("a.jpg", 100, 100), _pictures.Bmp("a.bmp", 100, 100) })
        {
            Assert.Null(Inspect(path, pixelLimit: 10_000).Failure);
            Assert.StartsWith("too large: ", Inspect(path, pixelLimit: 9_999).Failure!.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Inspect_EmptyFile_SaysSo() =>
        Assert.Equal(new DecodeFailure("empty", Transient: false), Inspect(_pictures.Bytes("a.jpg", [])).Failure);

    [Fact]
    public void Inspect_TextNamedJpg_IsNotAnImage()
    {
        var inspection = Inspect(_pictures.Text("a.jpg", "shopping list: eggs"));

        Assert.Equal(new DecodeFailure("not a picture: begins with the text “shopping lis”", Transient: false), inspection.Failure);
        Assert.NotNull(inspection.Identity);
        Assert.Null(inspection.Header);
    }

    [Fact]
    public void Inspect_JpegNamedPng_ReadsAsWhatItIs() => Assert.Equal("jpeg", Inspect(_pictures.Jpeg("a.png")).Header!.Format);

    [Fact]
    public void Inspect_TruncatedFiles_KeepIdentityAndHeader()
    {
        string[] originals =
        [
            _pictures.Jpeg("a.jpg"), _pictures.Png("a.png"), _pictures.WebP("a.webp"), _pictures.Bmp("a.bmp"), _pictures.AnimatedGif("a.gif", 400, 300, 1), _pictures.Tiff("a.tif"),
        ];

        foreach (var original in originals)
        {
            var inspection = Inspect(_pictures.Truncated("cut" + Path.GetExtension(original), original, part: 0.2));
            Assert.NotNull(inspection.Identity);
            Assert.True(inspection.Failure?.Reason.StartsWith("cut off: ", StringComparison.Ordinal) == true, $"{original}: {inspection.Failure}");
            Assert.False(inspection.Failure.Transient);
            Assert.Null(inspection.Thumbnail);
            // A TIFF's directory and a WebP's whole stream may lie behind the cut.
            if (Path.GetExtension(original) is ".jpg" or ".png" or ".bmp" or ".gif")
                Assert.NotNull(inspection.Header);
        }
    }

    [Fact]
    public void Inspect_MissingFile_IsTransient()
    {
        var inspection = Inspect(_pictures.PathOf("gone.jpg"));

        Assert.StartsWith("gone: ", inspection.Failure!.Reason, StringComparison.Ordinal);
        Assert.True(inspection.Failure.Transient);
        Assert.Null(inspection.Identity);
    }

    [Fact]
    public void Inspect_Model_IsOnlyIdentified()
    {
        using var inspector = new FileInspector(PixelLimit);
        var inspection = inspector.Inspect(new InspectRequest(_pictures.Text("a.obj", "v 0 0 0"), null, FileKind.Model), 320, new(80, 2));

        Assert.Equal(new Inspection { Identity = inspection.Identity }, inspection);
        Assert.Equal(7, inspection.Identity!.Size);
    }

    [Fact]
    public void Inspect_SvgThatNamesAnotherFile_DoesNotReadIt()
    {
        _pictures.PlainPng("secret.png", 100, 100, 255, 0, 0);
        var path = _pictures.Text("a.svg", """
            <?xml version="1.0"?>
            <!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="100">
              <rect width="100" height="100" fill="#0000ff"/><image xlink:href="secret.png" width="100" height="100"/>
            </svg>
            """);

        Assert.Equal(0x0000FF, Inspect(path).Thumbnail!.AverageColour);
    }

    /// <summary>What an SVG may name and multiply: it is shown without it, or refused, and nobody is asked for anything.</summary>
    [Theory]
    [InlineData("", """<image href="http://{listener}/a.png" width="100" height="100"/><image href="ftp://{listener}/a.png" width="100" height="100"/>""", true)]
    [InlineData("", """<style>@import url("http://{listener}/a.css"); @import "{secret}.css"; @font-face { font-family: x; src: url(http://{listener}/a.ttf) }</style><text y="20" font-family="x">text</text>""", true)]
    [InlineData("", """<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="http://{listener}/a.svg"/><text><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret}.svg" parse="text"/></text>""", true)]
    [InlineData("", """<use href="http://{listener}/a.svg#a"/><use href="{secret}.svg#a"/><rect width="100" height="100" filter="url(http://{listener}/a.svg#f)" fill="#0000ff"/>""", true)]
    [InlineData("", """<defs><g id="u0"><rect width="1" height="1" fill="#0000ff"/></g>{uses}</defs><use href="#u4"/>""", true)]
    [InlineData("""<!DOCTYPE svg SYSTEM "http://{listener}/a.dtd">""", "", true)]
    [InlineData("""<!DOCTYPE svg [<!ENTITY x SYSTEM "http://{listener}/x"><!ENTITY y SYSTEM "{secret}.svg">]>""", "<text>&x;</text>&y;", false)]
    [InlineData("""<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://{listener}/p"> %p;]>""", "", false)]
    [InlineData("""<!DOCTYPE svg [<!ENTITY e0 "ha">{entities}]>""", """<text y="20">&e9;</text>""", false)]
    public void Inspect_SvgThatReachesOutOrMultiplies_DoesNeither(string documentType, string content, bool isShown)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var secret = _pictures.Text("secret", "");
        File.WriteAllText($"{secret}.css", "rect { fill: #ff0000 }");
        File.WriteAllText($"{secret}.svg", """<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect id="a" width="100" height="100" fill="#ff0000"/></svg>""");
        var entities = string.Concat(Enumerable.Range(1, 9).Select(level => $"<!ENTITY e{level} \"{string.Concat(Enumerable.Repeat($"&e{level - 1};", 10))}\">"));
        var uses = string.Concat(Enumerable.Range(1, 4).Select(level => $"<g id=\"u{level}\">{string.Concat(Enumerable.Repeat($"<use href=\"#u{level - 1}\"/>", 10))}</g>"));
        var text = $"""{documentType}<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="100" height="100" fill="#0000ff"/>{content}</svg>"""
            .Replace("{listener}", $"{listener.LocalEndpoint}").Replace("{secret}", secret).Replace("{uses}", uses).Replace("{entities}", entities);

        var inspection = Inspect(_pictures.Text("a.svg", text));

        Assert.False(listener.Pending());
        Assert.Equal(isShown, inspection.Failure is null);
        if (isShown)
            Assert.InRange(inspection.Thumbnail!.AverageColour, 0x0000F0, 0x0000FF); // blue, but for a few letters
    }

    [Fact]
    public void Inspect_FileLargerThanMemoryAllows_IsStreamed()
    {
        var path = _pictures.Jpeg("a.jpg");
        using (var file = File.OpenWrite(path))
            file.SetLength(FileReader.MaxBytesInMemory + 12_345);

        var inspection = Inspect(path);

        Assert.Null(inspection.Failure);
        Assert.Equal(FileReader.MaxBytesInMemory + 12_345, inspection.Identity!.Size);
        using var content = File.OpenRead(path);
        Assert.Equal(SHA256.HashData(content), inspection.Identity.Sha256);
        Assert.Equal(320, inspection.Thumbnail!.Width);
    }

    [Fact]
    public void Inspect_PictureWithSidecar_ReadsBoth()
    {
        var sidecar = _pictures.Text("a.xmp", """
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
              <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/>
            </rdf:RDF></x:xmpmeta>
            """);
        using var inspector = new FileInspector(PixelLimit);

        Assert.Equal(4, inspector.Inspect(new InspectRequest(_pictures.Jpeg("a.jpg"), sidecar), 320, new(80, 2)).Metadata?.Rating);
        Assert.Null(inspector.Inspect(new InspectRequest(_pictures.Jpeg("a.jpg"), _pictures.PathOf("none.xmp")), 320, new(80, 2)).Failure);
    }

    [Fact]
    public void ReadPixels_Thumbnails_AreSquashedInOrder()
    {
        var red = _pictures.Bytes("red.webp", Inspect(_pictures.PlainPng("red.png", 300, 100, 250, 0, 0)).Thumbnail!.WebP);
        var blue = _pictures.Bytes("blue.webp", Inspect(_pictures.PlainPng("blue.png", 100, 300, 0, 0, 250)).Thumbnail!.WebP);
        using var inspector = new FileInspector(PixelLimit);

        var results = inspector.ReadPixels(new PixelsRequest([red, _pictures.PathOf("none.webp"), blue], 32));

        Assert.Equal([32 * 32 * 3, null, 32 * 32 * 3], results.Select(result => result.Rgb?.Length));
        AssertNear(0xFA0000, Colour(results[0].Rgb!), 4, "red");
        AssertNear(0x0000FA, Colour(results[2].Rgb!), 4, "blue");
        Assert.True(results[1].Failure!.Transient);
    }

    [Fact]
    public void ReadPixels_AfterOtherPictures_TellsOnlyItsOwnFaults()
    {
        var whole = File.ReadAllBytes(_pictures.Jpeg("a.jpg"));
        for (var at = whole.Length / 2; at < (whole.Length / 2) + 600; at += 2)
            (whole[at], whole[at + 1]) = (0xFF, 0xD0);
        var broken = _pictures.Bytes("broken.webp", File.ReadAllBytes(_pictures.WebP("a.webp")).AsSpan(0, 60));
        using var inspector = new FileInspector(PixelLimit);
        var alone = inspector.ReadPixels(new PixelsRequest([broken], 32))[0].Failure;
        inspector.Inspect(new InspectRequest(_pictures.Bytes("a.jpg", whole)), 320, new(80, 2));
        Assert.NotEmpty(VipsErrors.Lines());

        Assert.Equal(alone, inspector.ReadPixels(new PixelsRequest([broken], 32))[0].Failure);
    }

    private static int Colour(byte[] rgb) => (rgb[0] << 16) | (rgb[1] << 8) | rgb[2];

    [Fact]
    public void Inspect_WhenItIsDone_HoldsNoFile()
    {
        var path = _pictures.Jpeg("a.jpg");
        using var inspector = new FileInspector(PixelLimit);

        inspector.Inspect(new InspectRequest(path), 320, new WebPEncoding(80, 2));

        using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        inspector.Render(new RenderRequest(_pictures.Jpeg("b.jpg"), 100), new WebPEncoding(80, 2));
        using var other = new FileStream(_pictures.PathOf("b.jpg"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>What is checked is what is read: no link, pipe or sidecar leads a decoder out of a library.</summary>
    [Fact]
    public void Inspect_WhatIsNoFileOfTheLibrary_IsNeverRead()
    {
        using var outside = new SamplePictures();
        var (secret, whole) = (outside.Jpeg("secret.jpg"), _pictures.Jpeg("a.jpg"));
        File.CreateSymbolicLink(_pictures.PathOf("link.jpg"), secret);
        NamedPipe.Make(_pictures.PathOf("pipe.jpg"));
        NamedPipe.Make(_pictures.PathOf("pipe.xmp"));
        using var inspector = new FileInspector(PixelLimit);
        Inspection InLibrary(string path, string? sidecar = null) =>
            inspector.Inspect(new InspectRequest(path, sidecar, Root: _pictures.Folder), 320, new WebPEncoding(80, 2));

        foreach (var (name, reason) in new[] { ("link.jpg", "outside the library"), ("pipe.jpg", "not a picture: it is no regular file") })
        {
            var refused = InLibrary(_pictures.PathOf(name));
            Assert.StartsWith(reason, refused.Failure!.Reason, StringComparison.Ordinal);
            Assert.Null(refused.Identity);
        }

        foreach (var sidecar in new[] { _pictures.PathOf("pipe.xmp"), _pictures.PathOf("link.jpg"), _pictures.PathOf("nothing.xmp") })
            Assert.Null(InLibrary(whole, sidecar).Failure);
        Assert.NotNull(inspector.Render(new RenderRequest(whole, 320, _pictures.Folder, InLibrary(whole).Identity!.Sha256), new WebPEncoding(80, 2)).WebP);
        var other = inspector.Render(new RenderRequest(whole, 320, _pictures.Folder, new byte[32]), new WebPEncoding(80, 2));
        Assert.StartsWith("gone: ", other.Failure!.Reason, StringComparison.Ordinal);
    }

    private static Inspection Inspect(string path, long pixelLimit = PixelLimit)
    {
        using var inspector = new FileInspector(pixelLimit);
        return inspector.Inspect(new InspectRequest(path), 320, new WebPEncoding(80, 2));
    }

    internal static int Distance(byte[] a, byte[] b) => a.Zip(b, (x, y) => System.Numerics.BitOperations.PopCount((uint)(x ^ y))).Sum();

    internal static void AssertNear(int expected, int actual, int tolerance, string what)
    {
        for (var shift = 0; shift <= 16; shift += 8)
            Assert.True(Math.Abs(((expected >> shift) & 255) - ((actual >> shift) & 255)) <= tolerance, $"{what}: {expected:X6} expected, {actual:X6} found");
    }
}
