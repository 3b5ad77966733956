using FsCheck;
using FsCheck.Fluent;
using Vitrine.Images.Damaged;
using Xunit;

namespace Vitrine.Tests.Images;

public sealed class StructureFaultTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public void Find_SoundFile_IsNull()
    {
        foreach (var (format, file) in Files())
            Assert.Equal((format, null), (format, StructureFault.FindOrNull(format, file)));
    }

    [Fact]
    public void Find_CutAnywhere_SaysThatTheEndIsMissing()
    {
        foreach (var (format, file) in Files())
        {
            // Behind the first frame of an animation nothing is looked at, nor behind the pixels of an AVIF.
            foreach (var part in new[] { 0.1, 0.3 })
                Assert.Equal((format, part, true), (format, part, StructureFault.FindOrNull(format, file.AsSpan(0, (int)(file.Length * part)))?.IsCut));
        }
    }

    [Fact]
    public void Find_PngWithAFault_NamesIt()
    {
        var png = File.ReadAllBytes(_pictures.Png("a.png", 40, 30));
        byte[] With(int at, byte value) => [.. png[..at], value, .. png[(at + 1)..]];

        Assert.Equal("the checksum of the chunk IHDR of the PNG is wrong", StructureFault.FindOrNull("png", With(19, 99))?.Description);
        Assert.Equal("the PNG begins with the chunk XHDR in place of its header (IHDR)", StructureFault.FindOrNull("png", With(12, (byte)'X'))?.Description);
        Assert.Equal("the file ends within the chunk IHDR of the PNG", StructureFault.FindOrNull("png", With(8, 99))?.Description);
        Assert.Equal("the PNG has no pixels (IDAT)", StructureFault.FindOrNull("png", [.. png[..33], .. png[^12..]])?.Description);
    }

    [Fact]
    public void Find_OtherFaults_AreNamed()
    {
        Assert.Equal("the GIF has no picture", StructureFault.FindOrNull("gif", [.. "GIF89a"u8, 1, 0, 1, 0, 0, 0, 0, 0x3B])?.Description);
        Assert.Equal("pixels of the TIFF lie behind the end of the file", StructureFault.FindOrNull("tiff", TiffWithPixelsBehindItsEnd())?.Description);
        Assert.Equal("the directory of the TIFF does not say how large the picture is", StructureFault.FindOrNull("tiff", [.. "II*\0"u8, 8, 0, 0, 0, 0, 0])?.Description);
        Assert.Equal("the JPEG does not say how large the picture is", StructureFault.FindOrNull("jpeg", [0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 0xFF, 0xD9])?.Description);
        Assert.Equal("the file has no description of a picture (the box meta)", StructureFault.FindOrNull("heic", [0, 0, 0, 8, .. "ftyp"u8])?.Description);
        Assert.Null(StructureFault.FindOrNull("svg", "<svg"u8));
    }

    [Fact]
    public void Find_AnyBytes_NeverThrows() => Prop.ForAll<byte[]>(bytes =>
    {
        foreach (var (format, start) in new[] { ("jpeg", "FFD8FF"), ("png", "89504E470D0A1A0A"), ("gif", "474946383961"), ("tiff", "49492A0008000000"), ("webp", "524946460000000057454250"), ("heic", "0000000866747970") })
            StructureFault.FindOrNull(format, [.. Convert.FromHexString(start), .. bytes ?? []]);
        return true;
    }).QuickCheckThrowOnFailure();

    private static byte[] TiffWithPixelsBehindItsEnd()
    {
        var tiff = SampleTiffs.WithoutPhotometric();
        // The strip's length is the last entry but one of the directory's: tag 279, whose value stands in place.
        var entry = tiff.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x17, 0x01, 4, 0, 1, 0, 0, 0]);
        tiff[entry + 10] = 1;
        return tiff;
    }

    private IEnumerable<(string Format, byte[] File)> Files() => new[]
    {
        ("jpeg", _pictures.Jpeg("a.jpg", 40, 30)), ("jpeg", _pictures.ProgressiveJpeg("b.jpg", 40, 30)), ("png", _pictures.Png("a.png", 40, 30)),
        ("gif", _pictures.AnimatedGif("a.gif")), ("webp", _pictures.WebP("a.webp", 40, 30)), ("webp", _pictures.AnimatedWebP("b.webp")),
        ("tiff", _pictures.Tiff("a.tif", 40, 30)), ("avif", _pictures.Avif("a.avif", 40, 30)),
    }.Select(file => (file.Item1, File.ReadAllBytes(file.Item2)));
}
