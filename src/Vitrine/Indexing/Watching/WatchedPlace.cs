using Vitrine.Images.Metadata;
using Vitrine.Libraries;
using Vitrine.Storage;

namespace Vitrine.Indexing.Watching;

/// <summary>What a path that something happened to means for a library: the same files and folders count as in a scan.</summary>
/// <param name="root">Of the library, links resolved.</param>
/// <param name="ownFolders">Vitrine's, links resolved; they may lie inside the root.</param>
internal sealed class WatchedPlace(string root, bool includeHidden, IReadOnlyList<string> ownFolders)
{
    /// <summary>Something has a new name or place: a file, or a folder with all that is below it.</summary>
    public WatchedChange? Came(string path) => RelativeOrNull(path) is not { } relative ? null
        : Directory.Exists(path) ? new WatchedChange(WatchedChangeKind.Folder, relative)
        : IsFile(relative) ? new WatchedChange(WatchedChangeKind.File, relative)
        : null;

    /// <summary>Content, time or rights. A folder tells so only of its own rights, and then may show what it did not before.</summary>
    public WatchedChange? Changed(string path) => Came(path);

    /// <summary>What went cannot be asked what it was.</summary>
    public WatchedChange? Went(string path) => RelativeOrNull(path) is not { } relative ? null
        : new WatchedChange(IsFile(relative) ? WatchedChangeKind.File : WatchedChangeKind.Gone, relative);

    /// <summary>Of a folder's path: it, and those folders above it, that are named like files.</summary>
    public static IEnumerable<string> NamedLikeFiles(string folder)
    {
        for (var end = folder.Length; end > 0; end = folder.LastIndexOf('/', end - 1))
        {
            if (IsFile(folder[..end]))
                yield return folder[..end];
        }
    }

    private static bool IsFile(string path) => FileKinds.KindOrNull(path) is not null || SidecarPaths.IsSidecar(path);

    private string? RelativeOrNull(string path)
    {
        if (path.Length <= root.Length || ownFolders.Any(own => RealPath.IsInside(path, own)))
            return null;
        var relative = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
        return includeHidden || !relative.Split('/').Any(name => HiddenNames.IsHidden(name)) ? relative : null;
    }
}
