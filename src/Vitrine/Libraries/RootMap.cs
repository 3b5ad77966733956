using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>
/// Where this machine sees the folders that the database names: <c>/data=/mnt/data</c> for what is stored as <c>/data</c> and mounted at
/// <c>/mnt/data</c> here. The stores translate as they read and write, so that everything else knows only this machine's paths.
/// </summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed class RootMap
{
    private readonly List<(string Stored, string Here)> _pairs;

    private RootMap(List<(string Stored, string Here)> pairs) => _pairs = pairs;

    /// <summary>Every path is the same here.</summary>
    public static RootMap None { get; } = new([]);

    /// <param name="entries">Each <c>STORED=HERE</c>, both absolute.</param>
    /// <exception cref="FormatException">An entry is none, or a folder is mapped twice; the message says which.</exception>
    public static RootMap Parse(IEnumerable<string> entries)
    {
        var pairs = new List<(string Stored, string Here)>();
        foreach (var entry in entries)
        {
            var at = entry.IndexOf('=', StringComparison.Ordinal);
            if (at < 0 || !Path.IsPathFullyQualified(entry[..at]) || !Path.IsPathFullyQualified(entry[(at + 1)..]))
                throw new FormatException($"'{entry}' is no root map. Expected two absolute folders, such as /data=/mnt/data");
            pairs.Add((Plain(entry[..at]), Plain(entry[(at + 1)..])));
        }

        if (pairs.GroupBy(pair => pair.Stored, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new FormatException($"'{twice.Key}' is mapped twice");
        return new RootMap(pairs);
    }

    /// <summary>The folder of this machine behind a stored one; the longest entry that matches whole names wins.</summary>
    public string Here(string stored) => Replace(stored, _pairs);

    /// <summary>What a folder of this machine is stored as.</summary>
    public string Stored(string here) => Replace(here, _pairs.Select(pair => (pair.Here, pair.Stored)));

    private static string Plain(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static string Replace(string path, IEnumerable<(string From, string To)> pairs)
    {
        var (from, to) = pairs.Where(pair => RealPath.IsInside(path, pair.From)).OrderByDescending(pair => pair.From.Length).FirstOrDefault();
        if (from is null)
            return path;
        var rest = path[from.Length..].TrimStart('/');
        return rest.Length == 0 ? to : Path.Join(to, rest);
    }
}
