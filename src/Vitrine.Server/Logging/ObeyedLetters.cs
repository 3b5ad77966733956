namespace Vitrine.Server.Logging;

/// <summary>
/// Letters that a terminal obeys instead of showing them: control characters but line breaks and tabs, and those that turn the direction of writing or break a line unseen. In names
/// that others gave they are marked, so that no name can give orders.
/// </summary>
internal static class ObeyedLetters
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text with U+FFFD in the place of each of them.</summary>
    public static string Mark(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 || !text.Any(IsOne)
        ? text
        : string.Create(text.Length, text, static (letters, from) =>
        {
            for (var i = 0; i < letters.Length; i++)
                letters[i] = Mark(from[i]);
        });

    public static char Mark(char letter) => IsOne(letter) ? Replacement : letter;

    private static bool IsOne(char letter) => (char.IsControl(letter) && letter is not ('\n' or '\t'))
        || letter is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
