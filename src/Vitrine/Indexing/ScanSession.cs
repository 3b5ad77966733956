namespace Vitrine.Indexing;

/// <summary>What one scan remembers between its batches: the folders it has met. Used by one batch at a time.</summary>
internal sealed class ScanSession(long libraryId, long taskGroupId)
{
    public long LibraryId => libraryId;

    public long TaskGroupId => taskGroupId;

    /// <summary>Folder ids by path, of every folder met so far.</summary>
    public Dictionary<string, OpenFolder> Folders { get; } = new(StringComparer.Ordinal);
}
