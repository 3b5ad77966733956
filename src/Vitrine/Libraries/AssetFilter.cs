using System.Globalization;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Unicode;

namespace Vitrine.Libraries;

/// <summary>
/// A query such as <c>beach status:failed</c>: every word must be found in the path, title, description, keywords or camera;
/// <c>status:</c>, <c>kind:</c>, <c>tag:</c> and <c>is:</c> narrow further (docs/query-language.md). Any other word with a colon is a word.
/// </summary>
/// <param name="Words">Each once.</param>
/// <param name="IsDamaged">Whether only pictures are wanted that are shown though their files are damaged.</param>
/// <param name="Tags">For each tag that must be there, from whatever source, the folded names it may have.</param>
public sealed record AssetFilter(IReadOnlyList<string> Words, AssetStatus? Status, AssetKind? Kind, bool IsDamaged, IReadOnlyList<IReadOnlyList<string>> Tags)
{
    private const string IsTerm = "is:", Damaged = "damaged";

    /// <summary>Different words and tags, at most: each is a condition of its own, and SQLite nests no more than 1,000.</summary>
    public const int MostTerms = 100;

    /// <summary>Characters of a query, at most: SQLite compares with no pattern beyond 50,000 bytes.</summary>
    public const int Longest = 10_000;

    private static readonly string[] s_columns =
        ["f.path || '/' || a.name", "d.title", "d.description", "d.keywords", "COALESCE(d.camera_make, '') || ' ' || COALESCE(d.camera_model, '')"];

    /// <exception cref="FormatException">
    /// The value of <c>status:</c>, <c>kind:</c> or <c>is:</c> is unknown, or the query is too long; the message says what is known or allowed.
    /// </exception>
    public static AssetFilter Parse(string? query)
    {
        query ??= "";
        if (query.Length > Longest)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"The search has {query.Length:N0} characters; at most {Longest:N0} are taken. Leave some out."));
        if (query.Contains('\0'))
            throw new FormatException("The search holds a NUL character, which is in no text. Leave it out.");
        AssetStatus? status = null;
        AssetKind? kind = null;
        var (words, tags) = (new List<string>(), new List<string>());
        var isDamaged = false;
        foreach (var term in QueryTerms.Cut(query).Distinct(StringComparer.Ordinal))
        {
            if (term.StartsWith("status:", StringComparison.OrdinalIgnoreCase))
                status = Value<AssetStatus>(term);
            else if (term.StartsWith("kind:", StringComparison.OrdinalIgnoreCase))
                kind = Value<AssetKind>(term);
            else if (term.StartsWith(QueryTerms.Tag, StringComparison.OrdinalIgnoreCase) && term.Length > QueryTerms.Tag.Length)
                tags.Add(term[QueryTerms.Tag.Length..]);
            else if (term.StartsWith(IsTerm, StringComparison.OrdinalIgnoreCase))
                isDamaged = term[IsTerm.Length..].Equals(Damaged, StringComparison.OrdinalIgnoreCase) ? true : throw new FormatException($"'{term}' is not known. Known: {IsTerm}{Damaged}.");
            else
                words.Add(term);
        }

        if (words.Count + tags.Count is > MostTerms and var terms)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"The search has {terms:N0} different words and tags; at most {MostTerms} are taken. Leave some out."));
        return new AssetFilter(words, status, kind, isDamaged, [.. tags.Select(Folded)]);
    }

    /// <summary>The conditions as SQL over <c>a</c>, <c>f</c> and <c>d</c>, empty for none, with the parameters they use.</summary>
    internal (string Sql, IReadOnlyList<(string Name, object? Value)> Parameters) ToSql(SqlDialect dialect)
    {
        var conditions = new List<string>();
        var parameters = new List<(string, object?)>();
        if (Status is { } status)
            conditions.Add($"a.status = {(int)status}");
        if (Kind is { } kind)
            conditions.Add($"a.kind = {(int)kind}");
        if (IsDamaged)
            conditions.Add("EXISTS (SELECT 1 FROM asset_details w WHERE w.asset_id = a.id AND w.warning IS NOT NULL)");
        foreach (var tag in Tags)
        {
            var names = string.Join(", ", tag.Select(name => Parameter(parameters, name)));
            conditions.Add($"EXISTS (SELECT 1 FROM asset_tags x WHERE x.asset_id = a.id AND x.tag_id IN (SELECT id FROM tags WHERE folded IN ({names})))");
        }

        foreach (var word in Words)
        {
            // Names of files stay as they are on the disk, composed or not.
            var patterns = CanonicalForm.Forms(word).Select(form => Parameter(parameters, $"%{form.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%"));
            conditions.Add($"({string.Join(" OR ", patterns.SelectMany(pattern => s_columns.Select(column => $"{column} {dialect.Like} {pattern} ESCAPE '\\'")))})");
        }

        return (string.Join(" AND ", conditions), parameters);
    }

    private static string Parameter(List<(string, object?)> parameters, string value)
    {
        var name = $"@text{parameters.Count}";
        parameters.Add((name, value));
        return name;
    }

    /// <summary>The names in the form in which they are stored, and decomposed, as an earlier version stored them.</summary>
    private static IReadOnlyList<string> Folded(string value) =>
        [.. QueryTerms.NamesOf(value).Select(CanonicalForm.Fold).SelectMany(name => new[] { name, CanonicalForm.Decompose(name) }).Distinct(StringComparer.Ordinal)];

    private static T Value<T>(string term)
        where T : struct, Enum
    {
        var (name, value) = (term[..term.IndexOf(':')], term[(term.IndexOf(':') + 1)..]);
        // By name only: TryParse would take numbers and lists too.
        return Enum.GetNames<T>().Contains(value, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<T>(value, ignoreCase: true)
            : throw new FormatException(
                $"'{value}' is not a {name}. Known: {string.Join(", ", Enum.GetNames<T>().Select(known => known.ToLowerInvariant()))}.");
    }
}
