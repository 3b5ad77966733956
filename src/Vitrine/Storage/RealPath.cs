namespace Vitrine.Storage;

/// <summary>Paths without links on them, which can be compared.</summary>
public static class RealPath
{
    /// <summary>The path with every link on it resolved; parts that do not exist are kept as they are.</summary>
    public static string Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var parent = Path.GetDirectoryName(full);
        if (parent is null)
            return full;
        var place = Path.Join(Of(parent), Path.GetFileName(full));
        try
        {
            // A link's target may itself go through links: resolve it as a path of its own.
            return new FileInfo(place) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } target
                ? Of(target.FullName)
                : place;
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return place; // a loop of links, or one that has just been closed to us: it is not followed, and what opens it says so
        }
    }

    /// <summary>Whether a path is the folder or lies in it. Both must be real paths.</summary>
    public static bool IsInside(string path, string folder) =>
        path.Equals(folder, StringComparison.Ordinal)
        || folder == "/"
        || (path.StartsWith(folder, StringComparison.Ordinal) && path[folder.Length] == Path.DirectorySeparatorChar);
}
