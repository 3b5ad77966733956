using System.Text;

namespace Vitrine.Libraries;

/// <summary>How a library may be called: what a person can read on one line of a terminal.</summary>
public static class LibraryName
{
    /// <summary>Characters of the longest name.</summary>
    public const int Longest = 200;

    /// <summary>What is wrong with a name that a person gave, as a sentence; null when nothing is. No name at all is none of it: the folder's is taken then.</summary>
    public static string? MistakeOrNull(string? name) => name?.Trim() switch
    {
        null => null,
        { Length: > Longest } given => $"The name has {given.Length:N0} characters. Give one of at most {Longest}.",
        var given when given.Any(char.IsControl) => "The name contains control characters, such as a line break. Give one without.",
        _ => null,
    };

    /// <summary>The name of a library that nobody named: its folder's, as far as it can be a name.</summary>
    /// <param name="path">Absolute.</param>
    public static string OfFolder(string path)
    {
        var name = new StringBuilder();
        foreach (var rune in (Path.GetFileName(path) is { Length: > 0 } folder ? folder : path).EnumerateRunes().TakeWhile(rune => name.Length + rune.Utf16SequenceLength <= Longest))
            name.Append(Rune.IsControl(rune) ? "\uFFFD" : rune.ToString());
        return name.ToString();
    }
}
