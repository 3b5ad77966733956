namespace Vitrine.Indexing;

/// <summary>The two places of a scan where a database is spoken to in its fastest way: the known files of a folder, and new rows.</summary>
/// <remarks>Of one transaction, on the writer's thread.</remarks>
internal interface IAssetRows : IDisposable
{
    /// <summary>New rows so far, ids ascending; complete after <see cref="Flush"/>.</summary>
    IReadOnlyList<long> Added { get; }

    /// <summary>The files a folder is known to have, by name.</summary>
    Dictionary<string, KnownFile> Known(long folderId);

    /// <summary>Adds a pending row. A folder that changes while it is read may show a file twice: the second is passed over.</summary>
    void Add(long folderId, ScannedFile file);

    /// <summary>To be called once, before the transaction ends: writes what was only gathered.</summary>
    void Flush();
}
