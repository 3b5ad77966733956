using System.Collections.Frozen;
using System.Data.Common;
using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Indexing;

/// <summary>
/// Takes what a scan found into the tables: new files become pending, changed ones pending again; the counters move in the same
/// transaction. What vanished is gathered in the session and settled when the walk is over: moved, removed, or kept.
/// </summary>
internal sealed partial class ScanIntake(Database database, ProgressStore progress, Announcements announcements, TimeProvider time)
{
    private const string ChangeSql =
        """
        UPDATE assets SET size = @size, modified_at = @modified, changed_at = @changed, status = 0, task_group_id = @group, attempts = 0, claim_owner = NULL,
            not_before = 0
        WHERE id = @id
        """;

    private const string RememberSql = "UPDATE assets SET changed_at = @changed WHERE id = @id";

    /// <summary>Commits one batch; the batches of one folder must come in order.</summary>
    /// <returns>How many assets were added and changed.</returns>
    public Task<ScanChanges> TakeInAsync(ScanSession scan, IReadOnlyList<ScannedFiles> batch, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => Step(
                transaction,
                scan,
                step =>
                {
                    foreach (var files in batch)
                        TakeIn(step, files);
                }),
            WriteUrgency.Bulk,
            cancellationToken);

    private ScanChanges Step(WriteTransaction transaction, ScanSession scan, Action<IntakeStep> work)
    {
        using var step = new IntakeStep(transaction, scan, time.GetUtcNow());
        work(step);
        return Finish(step);
    }

    private static void TakeIn(IntakeStep step, ScannedFiles files)
    {
        var folder = Open(step, files);
        if (folder is null)
            return;
        foreach (var file in files.Files)
        {
            if (step.Scan.LeftAlone is { Count: > 0 } leftAlone && leftAlone.Contains(AssetStore.JoinPath(files.Folder, file.Name)))
                folder.Unmet?.Remove(file.Name);
            else if (folder.Unmet is null || !folder.Unmet.Remove(file.Name, out var known))
                step.Rows.Add(folder.Id, file);
            else if (known.Stamp != file.Stamp)
                Change(step, known.AssetId, file.Stamp, file.ChangedAt);
            else if (known.ChangedAt == 0 && file.ChangedAt != 0)
                step.Transaction.Queue(RememberSql, ("@id", known.AssetId), ("@changed", file.ChangedAt)); // taken in before this was asked for
            else if (known.ChangedAt != file.ChangedAt)
                step.Scan.Touched[known.AssetId] = file.ChangedAt;
        }

        if (!files.IsLast)
            return;
        foreach (var (name, known) in folder.Unmet ?? [])
            step.Scan.Vanished[known.AssetId] = new VanishedFile(known.AssetId, name, known.Stamp.Size, known.Stamp.ModifiedAt);
        if (folder.HadSidecars || files.Sidecars is not null)
            CompareSidecars(step, folder.Id, files.Sidecars ?? FrozenDictionary<string, long>.Empty);
        step.Scan.Folders[files.Folder] = new OpenFolder(folder.Id, Unmet: null);
    }

    /// <summary>The folder's row, made at its first file; null for a folder that has none and is not known.</summary>
    private static OpenFolder? Open(IntakeStep step, ScannedFiles files)
    {
        var (transaction, scan) = (step.Transaction, step.Scan);
        if (scan.Folders.TryGetValue(files.Folder, out var open))
            return open;
        if (Known(transaction, scan.LibraryId, files.Folder) is { } known)
            open = new OpenFolder(known.Id, step.Rows.Known(known.Id), known.HadSidecars);
        else if (files.Files.Count == 0)
            return null;
        else
            open = new OpenFolder(Insert(transaction, scan.LibraryId, files.Folder), Unmet: null);
        return scan.Folders[files.Folder] = open;
    }

    private static (long Id, bool HadSidecars)? Known(WriteTransaction transaction, long libraryId, string folder)
    {
        using var row = transaction.Prepare("SELECT id, sidecars FROM folders WHERE library_id = @library AND path = @path")
            .Set("@library", libraryId).Set("@path", folder).ExecuteReader();
        return row.Read() ? (row.GetInt64(0), row.GetBoolean(1)) : null;
    }

    private static long Insert(WriteTransaction transaction, long libraryId, string folder) =>
        (long)transaction.Prepare("INSERT INTO folders (library_id, path) VALUES (@library, @path) RETURNING id")
            .Set("@library", libraryId).Set("@path", folder).ExecuteScalar()!;

    private static void Change(IntakeStep step, long assetId, FileStamp stamp, long changedAt)
    {
        // Workers go on while a large folder is read: where the asset stands is asked now, not when the folder was opened.
        if (Standing(step.Transaction.Prepare("SELECT status, task_group_id FROM assets WHERE id = @id").Set("@id", assetId)) is not { } before)
            return;
        step.Transaction.Prepare(ChangeSql)
            .Set("@id", assetId).Set("@group", step.Scan.TaskGroupId).Set("@size", stamp.Size).Set("@modified", stamp.ModifiedAt).Set("@changed", changedAt)
            .ExecuteNonQuery();
        step.Transaction.Prepare("DELETE FROM failures WHERE asset_id = @id").Set("@id", assetId).ExecuteNonQuery();
        step.Counters.Add(step.Scan.LibraryId, before.TaskGroupId, before.Status, -1);
        step.Counters.Add(step.Scan.LibraryId, step.Scan.TaskGroupId, AssetStatus.Pending, 1);
        step.Changed.Add(assetId);
    }

    private static (AssetStatus Status, long TaskGroupId)? Standing(DbCommand command)
    {
        using var reader = command.ExecuteReader();
        return reader.Read() ? ((AssetStatus)reader.GetInt32(0), reader.GetInt64(1)) : null;
    }

    private ScanChanges Finish(IntakeStep step)
    {
        var (transaction, library) = (step.Transaction, step.Scan.LibraryId);
        step.Rows.Flush();
        if (step.Added.Count > 0)
            step.Counters.Add(library, step.Scan.TaskGroupId, AssetStatus.Pending, step.Added.Count);
        progress.Apply(transaction, step.Counters);
        transaction.AfterCommit(() =>
        {
            if (step.Added.Count > 0)
                announcements.Announce(new Announcement.AssetsAdded(library, step.Added));
            if (step.Changed.Count + step.Moved.Count > 0)
                announcements.Announce(new Announcement.AssetsChanged(library, [.. step.Changed, .. step.Moved]));
            if (step.Removed.Count > 0)
                announcements.Announce(new Announcement.AssetsRemoved(library, step.Removed));
        });
        return new ScanChanges(
            step.Added.Count - step.Moved.Count, step.Changed.Count, step.Removed.Count - step.Moved.Count, step.Moved.Count);
    }

    /// <summary>What one transaction gathers.</summary>
    private sealed class IntakeStep(WriteTransaction transaction, ScanSession scan, DateTimeOffset now) : IDisposable
    {
        public WriteTransaction Transaction => transaction;

        public ScanSession Scan => scan;

        public IAssetRows Rows { get; } = transaction.Dialect.IsPostgres
            ? new PostgresAssetRows(transaction, scan, now)
            : new SqliteAssetRows(transaction, scan, now);

        public CounterChanges Counters { get; } = new();

        public IReadOnlyList<long> Added => Rows.Added;

        public List<long> Changed { get; } = [];

        public List<long> Moved { get; } = [];

        /// <summary>Also the rows that stood in the new places of <see cref="Moved"/>.</summary>
        public List<long> Removed { get; } = [];

        public void Dispose() => Rows.Dispose();
    }
}
