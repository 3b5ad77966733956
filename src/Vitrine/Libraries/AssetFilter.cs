using System.Text.RegularExpressions;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>
/// A query such as <c>beach status:failed</c>: every word must be found in the path, title, description, keywords or camera;
/// <c>status:</c>, <c>kind:</c>, <c>tag:</c> and <c>is:</c> narrow further (docs/query-language.md). Any other word with a colon is a word.
/// </summary>
/// <param name="Tags">Whole names; each must be there, from whatever source.</param>
/// <param name="IsDamaged">Whether only pictures are wanted that are shown though their files are damaged.</param>
public sealed partial record AssetFilter(IReadOnlyList<string> Words, AssetStatus? Status, AssetKind? Kind, IReadOnlyList<string> Tags, bool IsDamaged)
{
    private const string TagTerm = "tag:", IsTerm = "is:", Damaged = "damaged";

    /// <exception cref="FormatException">The value of <c>status:</c>, <c>kind:</c> or <c>is:</c> is unknown; the message lists what is known.</exception>
    public static AssetFilter Parse(string? query)
    {
        var words = new List<string>();
        AssetStatus? status = null;
        AssetKind? kind = null;
        var tags = new List<string>();
        var isDamaged = false;
        foreach (var term in Terms().Matches(query ?? "").Select(match => match.Value))
        {
            if (term.StartsWith("status:", StringComparison.OrdinalIgnoreCase))
                status = Value<AssetStatus>(term);
            else if (term.StartsWith("kind:", StringComparison.OrdinalIgnoreCase))
                kind = Value<AssetKind>(term);
            else if (term.StartsWith(TagTerm, StringComparison.OrdinalIgnoreCase) && term.Length > TagTerm.Length)
                tags.Add(term[TagTerm.Length..].Trim('"'));
            else if (term.StartsWith(IsTerm, StringComparison.OrdinalIgnoreCase))
                isDamaged = term[IsTerm.Length..].Equals(Damaged, StringComparison.OrdinalIgnoreCase) ? true : throw new FormatException($"'{term}' is not known. Known: {IsTerm}{Damaged}.");
            else
                words.Add(term);
        }

        return new AssetFilter(words, status, kind, tags, isDamaged);
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
            var name = $"@tag{parameters.Count}";
            parameters.Add((name, tag.ToLowerInvariant()));
            conditions.Add($"EXISTS (SELECT 1 FROM asset_tags x WHERE x.asset_id = a.id AND x.tag_id = (SELECT id FROM tags WHERE folded = {name}))");
        }

        foreach (var word in Words)
        {
            var name = $"@word{parameters.Count}";
            parameters.Add((name, $"%{word.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%"));
            conditions.Add(
                $"""
                (f.path || '/' || a.name {dialect.Like} {name} ESCAPE '\' OR d.title {dialect.Like} {name} ESCAPE '\' OR d.description {dialect.Like} {name} ESCAPE '\'
                 OR d.keywords {dialect.Like} {name} ESCAPE '\' OR COALESCE(d.camera_make, '') || ' ' || COALESCE(d.camera_model, '') {dialect.Like} {name} ESCAPE '\')
                """);
        }

        return (string.Join(" AND ", conditions), parameters);
    }

    /// <summary>Runs of what is no space; a tag's name may have spaces between quotes.</summary>
    [GeneratedRegex("""tag:"[^"]+"|[^ ]+""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Terms();

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
