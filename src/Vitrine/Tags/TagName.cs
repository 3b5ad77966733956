using System.Text;

namespace Vitrine.Tags;

/// <summary>How a tag is written: single spaces, no control characters, whole characters.</summary>
public static class TagName
{
    /// <summary>Characters of the longest name.</summary>
    public const int Longest = 200;

    /// <summary>What two names that differ in case have in common.</summary>
    public static string Fold(string name) => name.ToLowerInvariant();

    /// <summary>Null for what is no name: nothing but space, or too long.</summary>
    public static string? NormalizeOrNull(string? text)
    {
        var name = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes()) // half a surrogate pair comes as U+FFFD
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
                name.Append(name.Length > 0 && name[^1] != ' ' ? " " : "");
            else
                name.Append(rune);
        }

        var trimmed = name.ToString().TrimEnd();
        return trimmed.Length is 0 or > Longest ? null : trimmed;
    }
}
