namespace Vitrine.Server.Requests;

/// <summary>What somebody who wrote a name wrong probably meant.</summary>
internal static class Spelling
{
    /// <summary>Letters of a name that is worth comparing.</summary>
    private const int Longest = 40;

    /// <summary>A question to put behind a sentence, with a space before it; empty where nothing is near.</summary>
    public static string Suggestion(string wrong, IEnumerable<string> known)
    {
        if (wrong.Length > Longest)
            return "";
        var near = known.Where(name => Distance(wrong, name) <= Math.Max(1, name.Length / 3)).MinBy(name => Distance(wrong, name));
        return near is null ? "" : $" Did you mean '{near}'?";
    }

    /// <summary>Letters to change, to add or to leave out (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        foreach (var (line, letter) in from.Index())
        {
            var diagonal = row[0];
            row[0] = line + 1;
            for (var place = 1; place <= to.Length; place++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(letter) == to[place - 1] ? 0 : 1);
                diagonal = row[place];
                row[place] = Math.Min(replaced, Math.Min(row[place], row[place - 1]) + 1);
            }
        }

        return row[^1];
    }
}
