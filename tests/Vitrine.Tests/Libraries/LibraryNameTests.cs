using Vitrine.Libraries;
using Xunit;

namespace Vitrine.Tests.Libraries;

public sealed class LibraryNameTests
{
    [Theory]
    [InlineData(" Photos \n 2024 🐢 ", "Photos 2024 🐢")]
    [InlineData("a\u001b[31mb", "a [31mb")] // nothing that a terminal would obey
    [InlineData("Ca\u0303o", "C\u00E3o")]
    [InlineData("\t \u001b", null)]
    [InlineData(null, null)]
    public void Normalize_Name_IsOneCleanLine(string? name, string? expected) => Assert.Equal(expected, LibraryName.NormalizeOrNull(name));

    [Fact]
    public void Normalize_HalfACharacter_IsMarked() => Assert.Equal("half \uFFFD", LibraryName.NormalizeOrNull("half \uD83D")); // no test runner hands it on

    [Fact]
    public void Normalize_NameThatIsTooLong_IsNone()
    {
        Assert.NotNull(LibraryName.NormalizeOrNull(new string('x', LibraryName.Longest)));
        Assert.Null(LibraryName.NormalizeOrNull(new string('x', LibraryName.Longest + 1)));
    }
}
