namespace Vitrine.Indexing;

/// <summary>
/// Takes what a scan found into the tables: new files become pending, changed ones pending again; the counters move in the same
/// transaction. What vanished is gathered in the session and settled when the walk is over: moved, removed, or kept.
/// </summary>
internal interface IScanIntake
{
    /// <summary>Commits one batch; the batches of one folder must come in order.</summary>
    /// <returns>How many assets were added and changed.</returns>
    Task<ScanChanges> TakeInAsync(ScanSession scan, IReadOnlyList<ScannedFiles> batch, CancellationToken cancellationToken);

    /// <summary>After the walk: gathers what is known of folders that it did not meet.</summary>
    /// <param name="looked">Whether the scan would have met this folder if it were there: it is within its reach and was readable.</param>
    void GatherVanishedFolders(ScanSession scan, Func<string, bool> looked);

    /// <summary>
    /// Assets of these sizes and times that arrived since the last scan that settled what vanished and are there, in the order of their arrival.
    /// A scan that was interrupted, or only took in, is not over for them.
    /// </summary>
    IReadOnlyList<ArrivedFile> ArrivedAs(ScanSession scan, IReadOnlySet<FileStamp> stamps);

    /// <summary>The content of known assets, by id; those that were never read are left out.</summary>
    IReadOnlyDictionary<long, byte[]> Contents(IReadOnlyCollection<long> assetIds);

    /// <summary>
    /// Gives known assets their new places and takes away the rows that stood there for a while. Ids, status and what is known stay;
    /// whoever works on one of either loses the claim. A failed one is tried again: it may have failed because it was gone.
    /// </summary>
    Task<ScanChanges> MoveAsync(ScanSession scan, IReadOnlyList<MovedFile> moved, CancellationToken cancellationToken);

    /// <summary>Removes what vanished and was not moved, some at a time, then the folders that are gone.</summary>
    Task<ScanChanges> RemoveVanishedAsync(ScanSession scan, CancellationToken cancellationToken);

    /// <summary>What vanished is settled: assets that came up to now are not new places of what vanishes later.</summary>
    Task EndSettlingAsync(ScanSession scan, CancellationToken cancellationToken);
}
