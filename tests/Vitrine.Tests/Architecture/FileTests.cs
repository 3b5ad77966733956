using Xunit;

namespace Vitrine.Tests.Architecture;

public sealed class FileTests
{
    private const int Longest = 400;

    [Fact]
    public void Files_OfTheSource_AreShortEnoughToReadWhole() => Assert.Empty(
        SourceTree.Files().Select(file => (Name: Path.GetRelativePath(SourceTree.Root, file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > Longest).Select(file => $"{file.Name} has {file.Lines} lines"));

    [Fact]
    public void Files_OfTheSource_AreNineInTenUnderTwoHundredLines()
    {
        var lengths = SourceTree.Files().Select(file => File.ReadLines(file).Count()).Order().ToList();

        Assert.True(lengths[lengths.Count * 9 / 10] < 200);
    }
}
