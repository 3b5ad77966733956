using System.IO.Enumeration;
using Vitrine.Images.Metadata;
using Vitrine.Libraries;
using Vitrine.Storage;

namespace Vitrine.Indexing;

/// <summary>One name in a folder that may matter to a scan, with what the system tells of it. Nothing is opened.</summary>
/// <param name="Kind">What it is by its name; null for what is no asset.</param>
/// <param name="Facts">Null for what vanished since the folder was read, or may not be looked at.</param>
internal readonly record struct FolderEntry(string Name, AssetKind? Kind, FileType Type, FileFacts? Facts)
{
    private static readonly EnumerationOptions s_everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>The folder's files that may be assets or sidecars, its folders, and links that may lead to either. In no order.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public static IEnumerable<FolderEntry> Of(HeldFolder folder, bool includeHidden) => new FileSystemEnumerable<FolderEntry>(
        folder.ListedAs, (ref FileSystemEntry entry) => Read(folder, ref entry), s_everything)
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) =>
            (includeHidden || !HiddenNames.IsHidden(entry.FileName))
            // What has no extension may be a link that leads nowhere: whether to a folder, nobody can say.
            && (entry.IsDirectory || FileKinds.KindOrNull(entry.FileName) is not null || SidecarPaths.IsSidecar(entry.FileName) || Path.GetExtension(entry.FileName).Length == 0),
    };

    private static FolderEntry Read(HeldFolder folder, ref FileSystemEntry entry)
    {
        var facts = folder.FactsOrNull(entry.FileName);
        var type = facts?.Type ?? (entry.IsDirectory ? FileType.Folder : FileType.File);
        return new FolderEntry(entry.FileName.ToString(), FileKinds.KindOrNull(entry.FileName), type, facts);
    }
}
