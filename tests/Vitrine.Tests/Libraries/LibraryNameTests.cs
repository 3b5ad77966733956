using Vitrine.Libraries;
using Xunit;

namespace Vitrine.Tests.Libraries;

public sealed class LibraryNameTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData(" Photos 2024 🐢 ", null)]
    [InlineData("a\u001b[31mb", "control characters")]
    [InlineData("a\nb", "control characters")]
    [InlineData("{201}", "201 characters. Give one of at most 200.")]
    [InlineData("{200}", null)]
    public void MistakeOrNull_Name_IsWhatIsWrongWithIt(string? name, string? expected)
    {
        var mistake = LibraryName.MistakeOrNull(name?.Replace("{201}", new string('x', 201), StringComparison.Ordinal).Replace("{200}", new string('x', 200), StringComparison.Ordinal));

        Assert.Equal(expected is null, mistake is null);
        Assert.Contains(expected ?? "", mistake ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void OfFolder_AnyPath_IsAName()
    {
        Assert.Equal("Photos", LibraryName.OfFolder("/home/me/Photos"));
        Assert.Equal("/", LibraryName.OfFolder("/"));
        Assert.Equal("a\uFFFD[31mb", LibraryName.OfFolder("/home/a\u001b[31mb"));
        Assert.All(
            (string[])["/home/a\nb", $"/home/{new string('x', 199)}🐢🐢"],
            path => Assert.Null(LibraryName.MistakeOrNull(LibraryName.OfFolder(path))));
    }
}
