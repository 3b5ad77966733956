using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Indexing;

/// <content>What vanished: gathered, moved or removed.</content>
internal sealed partial class ScanIntake
{
    private const string ArrivedSql =
        """
        SELECT a.id, a.size, a.modified_at, f.path, a.name, a.sha256 FROM assets a JOIN folders f ON f.id = a.folder_id
        WHERE a.library_id = @library AND a.id >= (SELECT settled_to FROM libraries WHERE id = @library) ORDER BY a.id
        """;

    private const string LeaveSql = "DELETE FROM assets WHERE id = @id RETURNING status, task_group_id, folder_id, name, kind, sidecar_at, changed_at";

    private const string MoveSql =
        "UPDATE assets SET folder_id = @folder, name = @name, kind = @kind, sidecar_at = @sidecar, changed_at = @changed, claim_owner = NULL WHERE id = @id RETURNING status, task_group_id";

    /// <summary>Rows that one transaction moves or removes: others get their turn in between.</summary>
    private const int SliceRows = 2000;

    /// <summary>After the walk: gathers what is known of folders that it did not meet.</summary>
    /// <param name="looked">Whether the scan would have met this folder if it were there: it is within its reach and was readable.</param>
    public void GatherVanishedFolders(ScanSession scan, Func<string, bool> looked) => database.Read(connection =>
    {
        var unmet = connection.Query(
                "SELECT id, path FROM folders WHERE library_id = @library",
                row => (Id: row.GetInt64(0), Path: row.GetString(1)),
                ("@library", scan.LibraryId))
            .Where(folder => !scan.Folders.ContainsKey(folder.Path) && looked(folder.Path));
        foreach (var (id, _) in unmet)
        {
            scan.VanishedFolders.Add(id);
            var files = connection.Query(
                "SELECT name, id, size, modified_at FROM assets WHERE folder_id = @folder", row => new VanishedFile(row.GetInt64(1), row.GetString(0), row.GetInt64(2), row.GetInt64(3)), ("@folder", id));
            foreach (var file in files)
                scan.Vanished[file.AssetId] = file;
        }

        return true;
    });

    /// <summary>
    /// Assets of these sizes and times that arrived since the last scan that settled what vanished and are there, in the order of their arrival.
    /// A scan that was interrupted, or only took in, is not over for them.
    /// </summary>
    public IReadOnlyList<ArrivedFile> ArrivedAs(ScanSession scan, IReadOnlySet<FileStamp> stamps) => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = ArrivedSql;
        using var reader = command.Set("@library", scan.LibraryId).ExecuteReader();
        var arrived = new List<ArrivedFile>();
        while (reader.Read())
        {
            var stamp = new FileStamp(reader.GetInt64(1), reader.GetInt64(2));
            if (stamps.Contains(stamp) && !scan.Vanished.ContainsKey(reader.GetInt64(0))) // what is gone itself is nobody's new place
                arrived.Add(new ArrivedFile(reader.GetInt64(0), AssetStore.JoinPath(reader.GetString(3), reader.GetString(4)), reader.GetString(4), stamp, reader.BytesOrNull(5)));
        }

        return arrived;
    });

    /// <summary>The content of known assets, by id; those that were never read are left out.</summary>
    public IReadOnlyDictionary<long, byte[]> Contents(IReadOnlyCollection<long> assetIds) => database.Read(connection => assetIds.Chunk(SliceRows)
        .SelectMany(slice => connection.Query(
            $"SELECT id, sha256 FROM assets WHERE sha256 IS NOT NULL AND id IN {SqlIds.In(slice)}", row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1))))
        .ToDictionary());

    /// <summary>
    /// Gives known assets their new places and takes away the rows that stood there for a while. Ids, status and what is known stay;
    /// whoever works on one of either loses the claim. A failed one is tried again: it may have failed because it was gone.
    /// </summary>
    public async Task<ScanChanges> MoveAsync(ScanSession scan, IReadOnlyList<MovedFile> moved, CancellationToken cancellationToken)
    {
        var changes = default(ScanChanges);
        foreach (var slice in moved.Chunk(SliceRows))
            changes += await database.WriteAsync(transaction => Step(transaction, scan, step => Move(step, slice)), WriteUrgency.Bulk, cancellationToken);
        return changes;
    }

    /// <summary>Removes what vanished and was not moved, some at a time, then the folders that are gone.</summary>
    public async Task<ScanChanges> RemoveVanishedAsync(ScanSession scan, CancellationToken cancellationToken)
    {
        var changes = default(ScanChanges);
        foreach (var slice in scan.Vanished.Keys.Chunk(SliceRows))
            changes += await database.WriteAsync(transaction => Step(transaction, scan, step => Remove(step, slice)), WriteUrgency.Bulk, cancellationToken);
        if (scan.VanishedFolders.Count == 0)
            return changes;
        await database.WriteAsync(
            transaction =>
            {
                foreach (var folder in scan.VanishedFolders)
                    transaction.Prepare("DELETE FROM folders WHERE id = @id AND NOT EXISTS (SELECT 1 FROM assets WHERE folder_id = @id)").Set("@id", folder).ExecuteNonQuery();
            },
            WriteUrgency.Bulk,
            cancellationToken);
        return changes;
    }

    /// <summary>What vanished is settled: assets that came up to now are not new places of what vanishes later.</summary>
    public Task EndSettlingAsync(ScanSession scan, CancellationToken cancellationToken) => database.WriteAsync(
        transaction => transaction.Connection.Execute(
            "UPDATE libraries SET settled_to = (SELECT COALESCE(MAX(id), 0) + 1 FROM assets WHERE library_id = @id) WHERE id = @id", ("@id", scan.LibraryId)),
        WriteUrgency.Bulk,
        cancellationToken);

    private static void Move(IntakeStep step, IEnumerable<MovedFile> moved)
    {
        foreach (var (assetId, arrivedAs) in moved)
        {
            var sidecarAt = step.Transaction.Prepare("SELECT sidecar_at FROM assets WHERE id = @id").Set("@id", assetId).ExecuteScalar() as long?;
            long sidecarNow;
            // The new row goes first: two assets cannot have one place.
            using (var place = step.Transaction.Prepare(LeaveSql).Set("@id", arrivedAs).ExecuteReader())
            {
                if (!place.Read())
                    continue;
                step.Counters.Add(step.Scan.LibraryId, place.GetInt64(1), (AssetStatus)place.GetInt32(0), -1);
                step.Transaction.Prepare(MoveSql)
                    .Set("@id", assetId).Set("@folder", place.GetInt64(2)).Set("@name", place.GetString(3)).Set("@kind", place.GetInt64(4))
                    .Set("@sidecar", sidecarNow = place.GetInt64(5)).Set("@changed", place.GetInt64(6));
            }

            step.Removed.Add(arrivedAs);
            if (Standing(step.Transaction.Prepare(MoveSql)) is not { } now)
                continue;
            step.Moved.Add(assetId);
            if (now.Status == AssetStatus.Failed || (now.Status != AssetStatus.Pending && !SidecarStamp.MovedAlong(sidecarAt ?? 0, sidecarNow)))
                Again(step, assetId, now);
        }
    }

    private static void Again(IntakeStep step, long assetId, (AssetStatus Status, long TaskGroupId) before)
    {
        step.Transaction.Prepare("UPDATE assets SET status = 0, task_group_id = @group, attempts = 0, not_before = 0 WHERE id = @id")
            .Set("@id", assetId).Set("@group", step.Scan.TaskGroupId).ExecuteNonQuery();
        step.Transaction.Prepare("DELETE FROM failures WHERE asset_id = @id").Set("@id", assetId).ExecuteNonQuery();
        step.Counters.Add(step.Scan.LibraryId, before.TaskGroupId, before.Status, -1);
        step.Counters.Add(step.Scan.LibraryId, step.Scan.TaskGroupId, AssetStatus.Pending, 1);
    }

    private static void Remove(IntakeStep step, IEnumerable<long> vanished)
    {
        foreach (var id in vanished)
        {
            if (Standing(step.Transaction.Prepare("DELETE FROM assets WHERE id = @id RETURNING status, task_group_id").Set("@id", id)) is not { } before)
                continue;
            step.Counters.Add(step.Scan.LibraryId, before.TaskGroupId, before.Status, -1);
            step.Removed.Add(id);
        }
    }
}
