using Vitrine.Tags;
using Xunit;

namespace Vitrine.Tests.Tags;

public sealed class TagNameTests
{
    [Theory]
    [InlineData("beach", "beach")]
    [InlineData("  New \t York\n", "New York")]
    [InlineData("a\0b\u0007c", "a b c")]
    [InlineData("\u00E9t\u00E9 \U0001F600", "\u00E9t\u00E9 \U0001F600")]
    [InlineData("Ca\u0303o", "C\u00E3o")]
    [InlineData("   ", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Normalize_AnyText_IsWrittenOneWay(string? text, string? expected) => Assert.Equal(expected, TagName.NormalizeOrNull(text));

    [Fact]
    public void Normalize_HalfACharacter_IsReplaced() => Assert.Equal("a\uFFFD", TagName.NormalizeOrNull($"a{(char)0xD83D}"));

    [Fact]
    public void Normalize_TooLong_IsNoName()
    {
        Assert.NotNull(TagName.NormalizeOrNull(new string('x', TagName.Longest)));
        Assert.Null(TagName.NormalizeOrNull(new string('x', TagName.Longest + 1)));
    }
}
