namespace Vitrine.Server.Requests;

/// <summary>Finds what a person may have meant by a word that is not known: a parameter, a field, a command, an option, a name.</summary>
internal static class NearestWord
{
    /// <summary>Letters of a word that is worth comparing.</summary>
    private const int Longest = 255;

    /// <summary>e.g. <c> Did you mean import?</c>, with the blank before it; empty where nothing is near.</summary>
    public static string Question(string given, IEnumerable<string> known) => FindOrNull(given, known) is { } nearest ? $" Did you mean {nearest}?" : "";

    /// <summary>The same with the word between quotes.</summary>
    public static string QuotedQuestion(string given, IEnumerable<string> known) => FindOrNull(given, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>The known word that is the fewest slips away: a letter too many, too few, another one, or two exchanged. Upper and lower case are the same.</summary>
    /// <returns>Null where even the nearest is more than a third of the given word away, or shares no letter with it.</returns>
    public static string? FindOrNull(string given, IEnumerable<string> known)
    {
        if (given.Length > Longest)
            return null;
        var most = Math.Max(1, given.Length / 3);
        return known.Select(word => (Word: word, Slips: Slips(given.ToLowerInvariant(), word.ToLowerInvariant())))
            .Where(candidate => candidate.Slips <= most && candidate.Slips < Math.Max(given.Length, candidate.Word.Length)).OrderBy(candidate => candidate.Slips).Select(candidate => candidate.Word).FirstOrDefault();
    }

    /// <summary>The optimal string alignment distance; only the last three rows of its table are kept.</summary>
    private static int Slips(string left, string right)
    {
        var (before, last, row) = (new int[right.Length + 1], Enumerable.Range(0, right.Length + 1).ToArray(), new int[right.Length + 1]);
        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, last, row) = (last, row, before);
        }

        return last[right.Length];
    }
}
