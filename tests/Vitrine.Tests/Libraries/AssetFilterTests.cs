using Vitrine.Libraries;
using Xunit;

namespace Vitrine.Tests.Libraries;

public sealed class AssetFilterTests
{
    [Theory]
    [InlineData("tag:dog", "dog")]
    [InlineData("tag:re:zero", "re:zero")]
    [InlineData("tag:\"new york\"", "new york")]
    [InlineData("tag:\"new york\" tag:\"old town\"", "new york; old town")]
    [InlineData("tag:\"6\" lens\"", "6\" lens")]
    [InlineData("tag:\"6\" lens\" tag:\"new york\"", "6\" lens; new york")]
    [InlineData("tag:\"say \"cheese\" please\"", "say \"cheese\" please")]
    [InlineData("tag:\"6\\\" lens\" 12\"", "6\" lens")] // escaped, as the screen writes it
    [InlineData("tag:\"a \\\\ b\"", "a \\ b")]
    [InlineData("tag:12\"", "12\"")]
    [InlineData("tag:\"quoted\"", "quoted|\"quoted\"")]
    [InlineData("tag:\"new", "\"new|new")] // still being typed
    [InlineData("tag:\"", "\"")]
    [InlineData("tag:a\u3000tag:b", "a; b")] // the wide space of Japanese keyboards
    [InlineData("tag:Ca\u0303o", "c\u00E3o|ca\u0303o")]
    public void Parse_Tags_AreTheNamesThatMayBeMeant(string query, string expected) =>
        Assert.Equal(expected, string.Join("; ", AssetFilter.Parse(query).Tags.Select(names => string.Join('|', names))));

    [Fact]
    public void Parse_WordsGivenTwice_AreOneEach() => Assert.Equal(["ab", "cd"], AssetFilter.Parse(string.Join(' ', Enumerable.Repeat("ab cd", 600))).Words);

    [Fact]
    public void Parse_TooMuch_SaysTheLimit()
    {
        var words = string.Join(' ', Enumerable.Range(0, AssetFilter.MostTerms).Select(word => $"w{word}"));
        Assert.Equal(AssetFilter.MostTerms, AssetFilter.Parse(words).Words.Count);

        Assert.Contains("101 different words and tags; at most 100", Refusal($"{words} tag:more"), StringComparison.Ordinal);
        Assert.Contains("10,001 characters; at most 10,000", Refusal(new string('a', AssetFilter.Longest + 1)), StringComparison.Ordinal);
        Assert.Contains("NUL", Refusal("a\0b"), StringComparison.Ordinal);
    }

    private static string Refusal(string query) => Assert.Throws<FormatException>(() => AssetFilter.Parse(query)).Message;
}
