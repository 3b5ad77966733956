using System.Text;

namespace Vitrine.Libraries;

/// <summary>Cuts a query into its terms: runs of what is no space, and <c>tag:"…"</c> with spaces in it (docs/query-language.md).</summary>
internal static class QueryTerms
{
    public const string Tag = "tag:";

    private const string EscapedQuote = "\\\"";

    private const char Quote = '"', Escape = '\\';

    public static IEnumerable<string> Cut(string query)
    {
        for (var place = 0; place < query.Length; place++)
        {
            if (char.IsWhiteSpace(query[place]))
                continue;
            var end = EndOf(query, place);
            yield return query[place..end];
            place = end;
        }
    }

    /// <summary>The names that the value of <c>tag:</c> may mean. A name may begin and end with quotes itself, so that <c>"x"</c> means x and "x".</summary>
    public static IReadOnlyList<string> NamesOf(string value)
    {
        var isQuoted = value.Length > 1 && value[0] == Quote && value[^1] == Quote;
        string[] names = (isQuoted, HasSpace: value.Any(char.IsWhiteSpace)) switch
        {
            (true, true) => [Unescaped(value[1..^1])],
            (true, false) => [Unescaped(value[1..^1]), value],
            _ => [value, value.TrimStart(Quote)], // the second while somebody is still typing
        };
        return [.. names.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    private static int EndOf(string query, int place)
    {
        if (query.AsSpan(place).StartsWith($"{Tag}{Quote}", StringComparison.OrdinalIgnoreCase) && ClosingOrNull(query, place + Tag.Length + 1) is { } closing)
            return closing + 1;
        var end = place;
        while (end < query.Length && !char.IsWhiteSpace(query[end]))
            end++;
        return end;
    }

    /// <summary>
    /// The quote that ends a name: one before a space or the end, behind which quotes come in pairs. So <c>tag:"6" lens"</c> is one name, although its
    /// quote is not escaped, and <c>tag:"new york" tag:"old town"</c> are two. Whoever escapes one escapes all.
    /// </summary>
    private static int? ClosingOrNull(string query, int from)
    {
        var quotes = Quotes(query, from).ToList();
        for (var index = 0; index < quotes.Count; index++)
        {
            var place = quotes[index];
            var comesInPairs = (quotes.Count - index - 1) % 2 == 0;
            if ((place + 1 == query.Length || char.IsWhiteSpace(query[place + 1])) && (comesInPairs || query.AsSpan(from, place - from).Contains(EscapedQuote, StringComparison.Ordinal)))
                return place;
        }

        return null;
    }

    private static IEnumerable<int> Quotes(string query, int from)
    {
        for (var place = from; place < query.Length; place++)
        {
            if (IsEscape(query, place))
                place++;
            else if (query[place] == Quote)
                yield return place;
        }
    }

    private static bool IsEscape(string text, int place) => text[place] == Escape && place + 1 < text.Length && text[place + 1] is Quote or Escape;

    private static string Unescaped(string name)
    {
        var text = new StringBuilder();
        for (var place = 0; place < name.Length; place++)
            text.Append(IsEscape(name, place) ? name[++place] : name[place]);
        return text.ToString();
    }
}
