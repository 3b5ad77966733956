using Vitrine.Images;
using Xunit;

namespace Vitrine.Tests.Images;

public sealed class PictureLibraryTests
{
    private static readonly string[] s_webFormats = ["jpeg", "png", "webp", "gif", "tiff", "bmp", "avif", "svg"];

    [Fact]
    public void Load_AnyLibvips_ReadsTheFormatsOfTheWeb()
    {
        var library = PictureLibrary.Load();

        Assert.Matches(@"^8\.\d+\.\d+$", library.Version);
        foreach (var format in s_webFormats)
            Assert.Contains(format, library.Formats);
    }
}
