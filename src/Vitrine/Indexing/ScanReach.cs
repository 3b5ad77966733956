using System.Collections.Immutable;

namespace Vitrine.Indexing;

/// <summary>What a scan looks at: the whole library, or folders in which something happened.</summary>
/// <param name="Folders">Paths relative to the root, each alone or with all that is below it; null for the whole library.</param>
/// <param name="LeftAlone">Files that are still being written, relative to the root: they are neither taken in nor missed.</param>
/// <param name="Settles">
/// Whether what vanished is moved or removed at the end. While changes keep coming it is not: the other end of a move may come later.
/// </param>
internal sealed record ScanReach(ImmutableSortedDictionary<string, bool>? Folders, ImmutableHashSet<string> LeftAlone, bool Settles)
{
    public static ScanReach Whole { get; } = new(null, [], Settles: true);

    public bool IsWhole => Folders is null;

    /// <summary>Whether a folder is within reach.</summary>
    public bool Includes(string folder)
    {
        if (Folders is null || Folders.ContainsKey(folder) || Folders.GetValueOrDefault(""))
            return true;
        for (var slash = folder.LastIndexOf('/'); slash > 0; slash = folder.LastIndexOf('/', slash - 1))
        {
            if (Folders.GetValueOrDefault(folder[..slash]))
                return true;
        }

        return false;
    }

    /// <summary>Where the walk begins: no folder twice.</summary>
    public IEnumerable<(string Path, bool IsDeep)> Starts =>
        Folders is null ? [("", true)] : Folders.Where(folder => !IsBelowDeep(folder.Key)).Select(folder => (folder.Key, folder.Value));

    private bool IsBelowDeep(string folder) =>
        folder.Length > 0 && Includes(folder) && (this with { Folders = Folders!.Remove(folder) }).Includes(folder);
}
