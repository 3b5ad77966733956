using System.Text;

namespace Vitrine.Unicode;

/// <summary>
/// The canonical forms of Unicode (UAX #15): é is one character or an e and an accent, and both are the same text. Own code: the runtime leaves text as
/// it is where a program brings no ICU, which is 30 MB.
/// </summary>
/// <remarks>Half a surrogate pair becomes U+FFFD. The time grows with the square of the longest run of accents: long text is cut before.</remarks>
public static class CanonicalForm
{
    private const int SyllableFirst = 0xAC00, Syllables = 11_172, LeadFirst = 0x1100, Leads = 19, VowelFirst = 0x1161, Vowels = 21, TailFirst = 0x11A7, Tails = 28;

    /// <summary>With accents and letters in one, as most programs write them (NFC).</summary>
    public static string Compose(string text) => text.AsSpan().IndexOfAnyExceptInRange('\0', '\u02FF') < 0 ? text : ToText(Composed(Decomposed(text)));

    /// <summary>With accents behind their letters, as in file names from a Mac (NFD).</summary>
    public static string Decompose(string text) => Ascii.IsValid(text) ? text : ToText(Decomposed(text));

    /// <summary>What texts that differ in case or form only have in common.</summary>
    public static string Fold(string text) => Compose(text).ToLowerInvariant();

    /// <summary>The text as it is, composed and decomposed, each once: what stored text, which is in any form, is compared with.</summary>
    public static IReadOnlyList<string> Forms(string text) => Ascii.IsValid(text) ? [text] : [.. new[] { text, Compose(text), Decompose(text) }.Distinct(StringComparer.Ordinal)];

    private static List<int> Decomposed(string text)
    {
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            AppendParts(points, rune.Value);
        Order(points);
        return points;
    }

    private static void AppendParts(List<int> points, int point)
    {
        var syllable = point - SyllableFirst;
        if (syllable is >= 0 and < Syllables)
        {
            points.Add(LeadFirst + (syllable / (Vowels * Tails)));
            points.Add(VowelFirst + (syllable % (Vowels * Tails) / Tails));
            if (syllable % Tails > 0)
                points.Add(TailFirst + (syllable % Tails));
        }
        else if (CanonicalTables.Parts.TryGetValue(point, out var parts))
        {
            foreach (var part in parts)
                AppendParts(points, part);
        }
        else
        {
            points.Add(point);
        }
    }

    /// <summary>Accents on one letter by their class; those of one class keep their order.</summary>
    private static void Order(List<int> points)
    {
        for (var from = 1; from < points.Count; from++)
        {
            var (point, place) = (points[from], from);
            var own = CanonicalTables.ClassOf(point);
            for (; own > 0 && place > 0 && CanonicalTables.ClassOf(points[place - 1]) > own; place--)
                points[place] = points[place - 1];
            points[place] = point;
        }
    }

    private static List<int> Composed(List<int> points)
    {
        var composed = new List<int>(points.Count);
        var (letter, last) = (-1, -1); // where the last letter stands, and the class of what stands behind it; -1 for nothing
        foreach (var point in points)
        {
            var own = CanonicalTables.ClassOf(point);
            if (letter >= 0 && last < own && OneOrNull(composed[letter], point) is { } one)
            {
                composed[letter] = one;
                continue;
            }

            (letter, last) = own == 0 ? (composed.Count, -1) : (letter, own);
            composed.Add(point);
        }

        return composed;
    }

    private static int? OneOrNull(int first, int second)
    {
        if (first - LeadFirst is >= 0 and < Leads && second - VowelFirst is >= 0 and < Vowels)
            return SyllableFirst + ((((first - LeadFirst) * Vowels) + second - VowelFirst) * Tails);
        if (first - SyllableFirst is >= 0 and < Syllables && (first - SyllableFirst) % Tails == 0 && second - TailFirst is > 0 and < Tails)
            return first + second - TailFirst;
        return CanonicalTables.Pairs.TryGetValue((first, second), out var one) ? one : null;
    }

    private static string ToText(List<int> points)
    {
        var text = new StringBuilder(points.Count);
        foreach (var point in points)
            text.Append(char.ConvertFromUtf32(point));
        return text.ToString();
    }
}
