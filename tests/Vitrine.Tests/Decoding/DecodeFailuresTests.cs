using Vitrine.Decoding;
using Vitrine.Images;
using Vitrine.Images.Damaged;
using Vitrine.Images.Vips;
using Vitrine.Progress;
using Vitrine.Storage;
using Xunit;

namespace Vitrine.Tests.Decoding;

public sealed class DecodeFailuresTests
{
    [Theory]
    [InlineData("VipsJpeg: premature end of JPEG image", FailureClass.CutOff, false)]
    [InlineData("vipspng: libpng read error", FailureClass.Damaged, false)]
    [InlineData("tiff2vips: Read error at scanline 3; got 0 bytes, expected 9", FailureClass.CutOff, false)]
    [InlineData("heif: Support for this compression format has not been built in: HEVC", FailureClass.NotSupported, true)]
    [InlineData("tiff2vips: Old-style JPEG compression support is not configured", FailureClass.NotSupported, true)]
    [InlineData("tiff2vips: tiled separate planes not supported", FailureClass.NotSupported, true)]
    [InlineData("tiff2vips: LZMA compression support is not configured", FailureClass.NotSupported, true)]
    [InlineData("tiff2vips: samples_per_pixel not a whole number of bytes", FailureClass.NotSupported, true)]
    [InlineData("image: bad labq format", FailureClass.NotSupported, true)]
    [InlineData("heif: Memory allocation error: Security limit exceeded: Image size 17000x17000 exceeds the maximum image size", FailureClass.TooLarge, false)]
    [InlineData("vips_tracked: out of memory --- size == 4096MB", FailureClass.TooLarge, false)]
    [InlineData("heif: Invalid input: 'pitm' box references a non-existing item", FailureClass.Damaged, true)]
    [InlineData("VipsJpeg: Unsupported marker type 0x55", FailureClass.Damaged, false)]
    [InlineData("VipsJpeg: Unsupported JPEG data precision 12", FailureClass.NotSupported, true)]
    [InlineData("VipsJpeg: Unsupported JPEG process: SOF type 0xc5", FailureClass.NotSupported, true)]
    [InlineData("VipsJpeg: Requested feature was omitted at compile time", FailureClass.NotSupported, true)]
    [InlineData("a BMP of 64 bits with compression 0 is not supported", FailureClass.NotSupported, true)]
    [InlineData("ImageMagick: CacheResourcesExhausted", FailureClass.TooLarge, false)]
    [InlineData("ImageMagick: InsufficientImageDataInFile", FailureClass.CutOff, false)]
    [InlineData("ImageMagick: NoDecodeDelegateForThisImageFormat", FailureClass.NotSupported, true)]
    public void Find_WordsOfALibrary_GetTheirClass(string message, FailureClass expected, bool isDoubtful)
    {
        var failure = DecodeFailures.FindOrNull(new VipsException(message))!;

        Assert.Equal(new FailureReason(expected, message), FailureReason.Parse(failure.Reason));
        Assert.Equal((false, isDoubtful), (failure.Transient, failure.IsDoubtful));
        Assert.Equal(expected == FailureClass.NotSupported, DecodeFailures.IsUnsupported(failure));
    }

    [Fact]
    public void Find_EachException_HasAClassOfItsOwn()
    {
        (Exception Error, FailureClass Expected, bool Transient)[] all =
        [
            (new NotAnImageException("x"), FailureClass.NotAPicture, false), (new UnsupportedPictureException("jxl"), FailureClass.NotSupported, false),
            (new TooManyPixelsException(new PictureHeader("png", 9, 9, 1, 1), 1), FailureClass.TooLarge, false),
            (new UnexplainedDamageException(null), FailureClass.Damaged, false), (new UnexplainedDamageException(StructureFault.Cut("x")), FailureClass.CutOff, false),
            (new UnexplainedDamageException(StructureFault.Wrong("x")), FailureClass.Damaged, false),
            (new FileNotFoundException("x"), FailureClass.Gone, true), (new DirectoryNotFoundException("x"), FailureClass.Gone, true),
            (new UnauthorizedAccessException("x"), FailureClass.NoPermission, false), (new FenceException("x", leadsOut: false), FailureClass.NotAPicture, false),
            (new FenceException("x", leadsOut: true), FailureClass.OutsideTheLibrary, false),
            (new IOException("x"), FailureClass.Unreadable, true),
        ];

        foreach (var (error, expected, transient) in all)
        {
            var failure = DecodeFailures.FindOrNull(error)!;
            Assert.Equal((error.GetType(), expected, transient), (error.GetType(), FailureReason.Parse(failure.Reason).Class, failure.Transient));
        }

        Assert.Equal(FailureClass.Empty, FailureReason.Parse(DecodeFailures.EmptyFile.Reason).Class);
        foreach (var mistake in new Exception[] { new InvalidOperationException(), new NotSupportedException() })
            Assert.Null(DecodeFailures.FindOrNull(mistake)); // one of ours is not the file's fault
    }

    [Theory]
    [InlineData("source: bad seek to 1024; heif: Invalid input", "damaged: heif: Invalid input")]
    [InlineData("source: bad seek to 1024", "damaged: source: bad seek to 1024")]
    public void Find_NoiseOfLoadersThatProbe_IsLeftOut(string message, string reason) =>
        Assert.Equal(reason, DecodeFailures.FindOrNull(new VipsException(message))!.Reason);

    [Fact]
    public void Find_EndlessMessage_IsCut()
    {
        foreach (var error in new[] { new VipsException(new string('x', 10_000)), new UnexplainedDamageException(StructureFault.Wrong(new string('x', 10_000))) })
            Assert.InRange(DecodeFailures.FindOrNull(error)!.Reason.Length, 300, 320);
    }

    [Fact]
    public void Find_MoreMemoryThanThereIs_IsTooLarge() =>
        Assert.StartsWith("too large: ", DecodeFailures.FindOrNull(new InsufficientMemoryException())!.Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("damaged: a", "damaged: b", "damaged: a")]
    [InlineData("damaged", "cut off: b", "cut off: b")]
    [InlineData("damaged", "damaged", "damaged")]
    [InlineData("not supported: a", "cut off: b", "cut off: b")]
    [InlineData("not supported: a", "damaged", "not supported: a")]
    [InlineData("not supported: a", "not supported: b", "not supported: a")]
    public void Join_TwoReasons_IsTheFirstUnlessOnlyTheSecondKnows(string first, string second, string expected) =>
        Assert.Equal(expected, DecodeFailures.Join(new(first, false), new(second, false)).Reason);
}
