using Vitrine.Decoding;
using Vitrine.Images.Vips;
using Xunit;

namespace Vitrine.Tests.Decoding;

public sealed class DecodeFailuresTests
{
    [Theory]
    [InlineData("VipsJpeg: premature end of JPEG image", "truncated: ", false)]
    [InlineData("heif: Support for this compression format has not been built in: HEVC", "unsupported: ", true)]
    [InlineData("tiff2vips: Old-style JPEG compression support is not configured", "unsupported: ", true)]
    [InlineData("tiff2vips: tiled separate planes not supported", "unsupported: ", true)]
    [InlineData("image: bad labq format", "unsupported: ", true)]
    [InlineData("heif: Memory allocation error: Security limit exceeded: Image size 17000x17000 exceeds the maximum image size", "too large: ", false)]
    [InlineData("vips_tracked: out of memory --- size == 4096MB", "too large: ", false)]
    [InlineData("heif: Invalid input: 'pitm' box references a non-existing item", "damaged: ", false)]
    [InlineData("VipsJpeg: Unsupported marker type 0x55", "damaged: ", false)]
    public void Find_WordsOfALibrary_GetTheirCode(string message, string code, bool isUnsupported)
    {
        var failure = DecodeFailures.FindOrNull(new VipsException(message))!;

        Assert.Equal(new DecodeFailure(code + message, Transient: false), failure);
        Assert.Equal(isUnsupported, DecodeFailures.IsUnsupported(failure));
    }

    [Theory]
    [InlineData("source: bad seek to 1024; heif: Invalid input", "damaged: heif: Invalid input")]
    [InlineData("source: bad seek to 1024", "damaged: source: bad seek to 1024")]
    public void Find_NoiseOfLoadersThatProbe_IsLeftOut(string message, string reason) =>
        Assert.Equal(reason, DecodeFailures.FindOrNull(new VipsException(message))!.Reason);

    [Fact]
    public void Find_EndlessMessage_IsCut() =>
        Assert.InRange(DecodeFailures.FindOrNull(new VipsException(new string('x', 10_000)))!.Reason.Length, 300, 320);

    [Fact]
    public void Find_TroubleWithTheDisk_IsTransient()
    {
        Assert.Equal(new DecodeFailure("unreadable: locked", Transient: true), DecodeFailures.FindOrNull(new IOException("locked")));
        Assert.Equal(new DecodeFailure("no permission: closed", Transient: false), DecodeFailures.FindOrNull(new UnauthorizedAccessException("closed")));
    }

    [Fact]
    public void Find_MoreMemoryThanThereIs_IsTooLarge() =>
        Assert.StartsWith("too large: ", DecodeFailures.FindOrNull(new InsufficientMemoryException())!.Reason, StringComparison.Ordinal);

    [Fact]
    public void Find_AMistakeOfOurs_IsNotTheFilesFault() => Assert.Null(DecodeFailures.FindOrNull(new InvalidOperationException()));
}
