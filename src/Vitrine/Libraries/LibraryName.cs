using Vitrine.Unicode;

namespace Vitrine.Libraries;

/// <summary>How a library's name is written: single spaces, no control characters, which a terminal would obey, whole characters, composed.</summary>
public static class LibraryName
{
    /// <summary>Characters of the longest name: as many as a folder's can have.</summary>
    public const int Longest = 255;

    /// <summary>Null for what is no name: nothing but space, or too long.</summary>
    public static string? NormalizeOrNull(string? text) => OneLine.OrNull(text, Longest);
}
