namespace Vitrine.Indexing;

/// <summary>What one scan remembers between its batches. Used by one batch at a time.</summary>
/// <param name="leftAlone">Files that are still being written: they are neither taken in nor missed.</param>
internal sealed class ScanSession(long libraryId, long taskGroupId, IReadOnlySet<string>? leftAlone = null)
{
    public IReadOnlySet<string>? LeftAlone => leftAlone;

    public long LibraryId => libraryId;

    public long TaskGroupId => taskGroupId;

    /// <summary>Folder ids by path, of every folder met so far.</summary>
    public Dictionary<string, OpenFolder> Folders { get; } = new(StringComparer.Ordinal);

    /// <summary>Known files that were not met, by asset. They stay until the walk is over: one of them may have moved.</summary>
    public Dictionary<long, VanishedFile> Vanished { get; } = [];

    /// <summary>
    /// Known files of the same size and time whose <see cref="Storage.FileFacts.ChangedAt"/> is another one, with what it is now: renamed, with other
    /// rights, or edited by a program that put the time back.
    /// </summary>
    public Dictionary<long, long> Touched { get; } = [];

    /// <summary>Known folders that were not met; their rows go when their files have.</summary>
    public List<long> VanishedFolders { get; } = [];
}
