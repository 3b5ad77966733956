using Vitrine.Images.Metadata;
using Xunit;

namespace Vitrine.Tests.Images.Metadata;

public sealed class SidecarPathsTests
{
    [Fact]
    public void For_PictureWithExtension_TriesTheFullNameFirst() =>
        Assert.Equal(["2024/a.b.jpg.xmp", "2024/a.b.jpg.XMP", "2024/a.b.xmp", "2024/a.b.XMP"], SidecarPaths.For("2024/a.b.jpg"));

    [Fact]
    public void For_PictureWithoutExtension_TriesEachNameOnce() => Assert.Equal(["x.y/a.xmp", "x.y/a.XMP"], SidecarPaths.For("x.y/a"));
}
