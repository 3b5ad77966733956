using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Indexing;

/// <content>Files that were gone when a worker came to them, and are there again, as they were.</content>
internal sealed partial class ScanIntake
{
    private const string GoneSql =
        """
        SELECT x.asset_id, f.path FROM failures x JOIN assets a ON a.id = x.asset_id JOIN folders f ON f.id = a.folder_id
        WHERE x.library_id = @library AND x.class = @class ORDER BY x.asset_id
        """;

    /// <summary>
    /// After the walk: begins those anew that failed because they were gone and that the scan met. A folder that was renamed for a while, and a drive that
    /// was mounted elsewhere, bring their files back with the size and times they had.
    /// </summary>
    public async Task<ScanChanges> BeginReturnedAsync(ScanSession scan, CancellationToken cancellationToken)
    {
        var returned = database.Read(connection => connection.Query(
                GoneSql, row => (Id: row.GetInt64(0), Folder: row.GetString(1)), ("@library", scan.LibraryId), ("@class", FailureReason.CodeOf(FailureClass.Gone)))
            .Where(file => scan.Folders.ContainsKey(file.Folder) && !scan.Vanished.ContainsKey(file.Id))
            .Select(file => file.Id));
        var changes = default(ScanChanges);
        foreach (var slice in returned.Chunk(SliceRows))
            changes += await database.WriteAsync(transaction => Step(transaction, scan, step => BeginReturned(step, slice)), WriteUrgency.Bulk, cancellationToken);
        return changes;
    }

    private static void BeginReturned(IntakeStep step, IEnumerable<long> returned)
    {
        foreach (var id in returned)
        {
            if (Standing(step.Transaction.Prepare("SELECT status, task_group_id FROM assets WHERE id = @id").Set("@id", id)) is not ({ Status: AssetStatus.Failed } before))
                continue;
            Again(step, id, before);
            step.Changed.Add(id);
        }
    }
}
