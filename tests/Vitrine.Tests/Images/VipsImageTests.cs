using Vitrine.Images.Vips;
using Xunit;

namespace Vitrine.Tests.Images;

public sealed class VipsImageTests
{
    [Fact]
    public void ReadPixels_MoreThanTwoGigabytes_IsRefusedBeforeTheyAreTaken()
    {
        using var black = new VipsOperation("black").With("width", 50_000).With("height", 50_000).Run("out");

        Assert.Contains("exceeds the maximum", Assert.Throws<VipsException>(() => black.ReadPixels()).Message, StringComparison.Ordinal);
    }
}
