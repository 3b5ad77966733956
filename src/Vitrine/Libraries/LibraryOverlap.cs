using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>Two libraries of which one lies in the other: allowed, and rarely meant.</summary>
public static class LibraryOverlap
{
    /// <summary>Tells a person of other libraries whose pictures this one shows too; null where there are none.</summary>
    public static string? NoteOrNull(Library library, IEnumerable<Library> all)
    {
        var others = all.Where(other => other.Id != library.Id).ToList();
        if (others.Where(other => RealPath.IsInside(library.Path, other.Path)).MaxBy(other => other.Path.Length) is { } around)
            return $"{library.Path} lies inside the library '{around.Name}' ({around.Path}): its pictures are in both, and are worked on twice.";
        var inside = others.Where(other => RealPath.IsInside(other.Path, library.Path)).Select(other => $"'{other.Name}'").ToList();
        return inside.Count == 0 ? null
            : $"{library.Path} holds the folder of {(inside.Count == 1 ? "the library" : $"{inside.Count} libraries,")} {string.Join(", ", inside)}: its pictures are in both, and are worked on twice.";
    }
}
