using Vitrine.Unicode;
using Xunit;

namespace Vitrine.Tests.Unicode;

public sealed class CanonicalFormTests
{
    /// <summary>From the Unicode Standard, chapter 3.11 and 3.12, and UAX #15.</summary>
    [Theory]
    [InlineData("plain ASCII", "plain ASCII", "plain ASCII")]
    [InlineData("Zo\u00EB", "Zo\u00EB", "Zoe\u0308")]
    [InlineData("Zoe\u0308", "Zo\u00EB", "Zoe\u0308")]
    [InlineData("\u212B", "\u00C5", "A\u030A")] // the sign of Angstrom is the letter
    [InlineData("q\u0307\u0323", "q\u0323\u0307", "q\u0323\u0307")] // dots above and below in one order
    [InlineData("\u1E0B\u0323", "\u1E0D\u0307", "d\u0323\u0307")] // another letter takes the first accent
    [InlineData("\u01D5", "\u01D5", "U\u0308\u0304")] // two accents
    [InlineData("a\u0304\u0308", "\u0101\u0308", "a\u0304\u0308")] // of one class: the second is blocked
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C")] // never composed again
    [InlineData("\uD55C\uAE00", "\uD55C\uAE00", "\u1112\u1161\u11AB\u1100\u1173\u11AF")]
    [InlineData("\u1100\u1161", "\uAC00", "\u1100\u1161")]
    [InlineData("\uAC00\u11A7", "\uAC00\u11A7", "\u1100\u1161\u11A7")] // the place before the first final consonant is none
    [InlineData("\u304B\u3099\u3093", "\u304C\u3093", "\u304B\u3099\u3093")]
    [InlineData("\u30B1\u309A", "\u30B1\u309A", "\u30B1\u309A")] // there is no such letter in one
    [InlineData("\U0001D15E", "\U0001D157\U0001D165", "\U0001D157\U0001D165")]
    [InlineData("\U0001F600", "\U0001F600", "\U0001F600")]
    public void Forms_AnyText_AreThoseOfTheStandard(string text, string composed, string decomposed)
    {
        Assert.Equal((composed, decomposed), (CanonicalForm.Compose(text), CanonicalForm.Decompose(text)));
        Assert.Equal(composed, CanonicalForm.Compose(decomposed));
        Assert.Superset(new HashSet<string> { text, composed, decomposed }, CanonicalForm.Forms(text).ToHashSet());
    }

    [Fact]
    public void Forms_EveryLetterThatHasSome_LeadToEachOther()
    {
        Assert.True(CanonicalTables.Parts.Count > 2_000);
        Assert.All(CanonicalTables.Parts.Keys, point =>
        {
            var letter = char.ConvertFromUtf32(point);
            var decomposed = CanonicalForm.Decompose(letter);
            Assert.NotEqual(letter, decomposed);
            Assert.Equal(decomposed, CanonicalForm.Decompose(CanonicalForm.Compose(letter)));
            Assert.Equal(CanonicalForm.Compose(letter), CanonicalForm.Compose(decomposed));
        });
    }

    [Fact]
    public void Compose_HalfACharacter_IsReplaced() => Assert.Equal("a\uFFFD\u00EB", CanonicalForm.Compose($"a{(char)0xD83D}e\u0308"));

    [Fact]
    public void OneLine_ManyAccents_AreCutBeforeTheyAreSorted()
    {
        Assert.Null(OneLine.OrNull(string.Concat(Enumerable.Repeat("\u0301\u0323", 1_000_000)), 200));
        Assert.Equal(new string('\u00EB', 200), OneLine.OrNull(string.Concat(Enumerable.Repeat("e\u0308", 200)), 200));
        Assert.Null(OneLine.OrNull(string.Concat(Enumerable.Repeat("e\u0308", 201)), 200));
    }
}
