namespace Vitrine.Indexing;

/// <summary>
/// Takes what a scan found into the tables: new files become pending, changed ones pending again, vanished ones are removed;
/// the counters move in the same transaction.
/// </summary>
internal interface IScanIntake
{
    /// <summary>Commits one batch; the batches of one folder must come in order.</summary>
    /// <returns>How many assets were added, changed and removed.</returns>
    Task<ScanChanges> TakeInAsync(ScanSession scan, IReadOnlyList<ScannedFiles> batch, CancellationToken cancellationToken);

    /// <summary>After the walk: removes what is known of folders that were not met and are not <paramref name="unread"/>.</summary>
    Task<ScanChanges> RemoveVanishedFoldersAsync(ScanSession scan, Func<string, bool> unread, CancellationToken cancellationToken);
}
