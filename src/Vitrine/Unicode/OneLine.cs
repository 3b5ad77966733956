using System.Text;

namespace Vitrine.Unicode;

/// <summary>Names that people give: on one line, with single spaces, without control characters, composed, of whole characters.</summary>
public static class OneLine
{
    /// <summary>How much longer than a name its text may be: accents behind their letters, and what is not kept.</summary>
    private const int Slack = 8;

    /// <summary>Null for nothing but space, and for more than <paramref name="longest"/> characters.</summary>
    public static string? OrNull(string? text, int longest)
    {
        if (text is null || text.Length > longest * Slack)
            return null;
        var name = new StringBuilder();
        foreach (var rune in text.EnumerateRunes()) // half a surrogate pair comes as U+FFFD
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
                name.Append(name.Length > 0 && name[^1] != ' ' ? " " : "");
            else
                name.Append(rune);
        }

        var composed = CanonicalForm.Compose(name.ToString().TrimEnd());
        return composed.Length == 0 || composed.Length > longest ? null : composed;
    }
}
