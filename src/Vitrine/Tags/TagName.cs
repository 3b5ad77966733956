using Vitrine.Unicode;

namespace Vitrine.Tags;

/// <summary>How a tag is written: single spaces, no control characters, whole characters, composed.</summary>
public static class TagName
{
    /// <summary>Characters of the longest name.</summary>
    public const int Longest = 200;

    /// <summary>What two names that differ in case have in common.</summary>
    public static string Fold(string name) => CanonicalForm.Fold(name);

    /// <summary>Null for what is no name: nothing but space, or too long.</summary>
    public static string? NormalizeOrNull(string? text) => OneLine.OrNull(text, Longest);
}
