using Vitrine.Decoding;
using Vitrine.Images.Vips;
using Xunit;

namespace Vitrine.Tests.Decoding;

public sealed class DecodeFailuresTests
{
    [Theory]
    [InlineData("VipsJpeg: premature end of JPEG image", "truncated: ", false)]
    [InlineData("source: bad seek to 1024; heif: Support for this compression format has not been built in: HEVC", "unsupported: ", true)]
    [InlineData("VipsJpeg: Unsupported marker type 0x55", "damaged: ", false)]
    public void Find_WordsOfALibrary_GetTheirCode(string message, string code, bool isUnsupported)
    {
        var failure = DecodeFailures.FindOrNull(new VipsException(message))!;

        Assert.Equal(new DecodeFailure(code + message, Transient: false), failure);
        Assert.Equal(isUnsupported, DecodeFailures.IsUnsupported(failure));
    }

    [Fact]
    public void Find_TroubleWithTheDisk_IsTransient()
    {
        Assert.Equal(new DecodeFailure("unreadable: locked", Transient: true), DecodeFailures.FindOrNull(new IOException("locked")));
        Assert.Equal(new DecodeFailure("no permission: closed", Transient: false), DecodeFailures.FindOrNull(new UnauthorizedAccessException("closed")));
    }

    [Fact]
    public void Find_AMistakeOfOurs_IsNotTheFilesFault() => Assert.Null(DecodeFailures.FindOrNull(new InvalidOperationException()));
}
