using Vitrine.Libraries;
using Xunit;

namespace Vitrine.Tests.Libraries;

public sealed class RootMapTests
{
    private static readonly RootMap s_map = RootMap.Parse(["/data=/mnt/data", "/data/models/=/fast/models", "/=/other"]);

    [Theory]
    [InlineData("/data", "/mnt/data")]
    [InlineData("/data/photos", "/mnt/data/photos")]
    [InlineData("/data/models/a", "/fast/models/a")]
    [InlineData("/database", "/other/database")]
    public void Here_StoredFolder_LongestWholeNameWins(string stored, string here)
    {
        Assert.Equal(here, s_map.Here(stored));
        Assert.Equal(stored, s_map.Stored(here));
    }

    [Fact]
    public void Here_WithoutEntries_IsThePathItself() => Assert.Equal("/data", RootMap.None.Here("/data"));

    [Fact]
    public void Here_IntoTheRoot_KeepsTheRest()
    {
        var map = RootMap.Parse(["/data=/"]);
        Assert.Equal(("/photos", "/"), (map.Here("/data/photos"), map.Here("/data")));
    }

    [Theory]
    [InlineData("/data")]
    [InlineData("data=/mnt")]
    [InlineData("/data=mnt")]
    [InlineData("=")]
    public void Parse_NoTwoAbsoluteFolders_IsRefused(string entry) =>
        Assert.Contains(entry, Assert.Throws<FormatException>(() => RootMap.Parse([entry])).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_SameFolderTwice_IsRefused() => Assert.Throws<FormatException>(() => RootMap.Parse(["/a=/b", "/a/=/c"]));
}
