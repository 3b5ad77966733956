using System.Data.Common;
using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>Failed assets: listing them, and putting them back at their stage.</summary>
public sealed class FailureStore(Database database, LibraryStore libraries, ProgressStore progress, Announcements announcements)
{
    private const string SelectSql =
        """
        SELECT x.asset_id, x.library_id, f.path, a.name, x.stage, x.reason, x.attempts, x.failed_at
        FROM failures x JOIN assets a ON a.id = x.asset_id JOIN folders f ON f.id = a.folder_id
        """;

    /// <summary>A page of a library's failures, by asset id; of all libraries for null.</summary>
    public (long Total, IReadOnlyList<FailedAsset> Items) Page(long? libraryId, long offset, int limit) => database.Read(connection =>
    {
        var total = connection.QueryNumber(CountSql(libraryId), ("@library", libraryId));
        var items = connection.Query(PageSql(libraryId), ReadFailure, ("@library", libraryId), ("@limit", limit), ("@offset", offset));
        return (total, (IReadOnlyList<FailedAsset>)items);
    });

    internal static string CountSql(long? libraryId) => $"SELECT COUNT(*) FROM failures x WHERE {Of(libraryId)}";

    internal static string PageSql(long? libraryId) =>
        $"{SelectSql} WHERE {Of(libraryId)} ORDER BY x.library_id, x.asset_id LIMIT @limit OFFSET @offset";

    public FailedAsset? FindOrNull(long assetId) => database.Read(connection => connection.QueryFirstOrDefault(
        $"{SelectSql} WHERE x.asset_id = @id", ReadFailure, ("@id", assetId)));

    /// <summary>Puts one failed asset back at its stage, with fresh attempts; 0 when it is not failed.</summary>
    public Task<int> RetryAsync(long assetId, CancellationToken cancellationToken) =>
        RetryAsync("x.asset_id = @id", assetId, cancellationToken);

    /// <summary>Puts every failed asset of a library back at its stage; returns how many.</summary>
    public Task<int> RetryLibraryAsync(long libraryId, CancellationToken cancellationToken) =>
        RetryAsync("x.library_id = @id", libraryId, cancellationToken);

    /// <summary>Two texts, because one with an OR would read the failures of every library. Forgotten libraries have none.</summary>
    private static string Of(long? libraryId) =>
        libraryId is null ? "x.library_id IN (SELECT id FROM libraries)" : "x.library_id = @library";

    private Task<int> RetryAsync(string where, long id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                var failed = transaction.Connection.Query(
                    $"""
                    SELECT a.id, a.library_id, a.task_group_id, x.stage
                    FROM failures x JOIN assets a ON a.id = x.asset_id JOIN libraries l ON l.id = a.library_id
                    WHERE {where} AND a.status = 4
                    """,
                    row => (Id: row.GetInt64(0), Library: row.GetInt64(1), Group: row.GetInt64(2), Stage: (Stage)row.GetInt32(3)),
                    ("@id", id));
                var changes = new CounterChanges();
                // A group of its own: it goes first, and what a person cancelled earlier stays cancelled.
                foreach (var library in failed.GroupBy(asset => asset.Library))
                {
                    var group = libraries.BeginTaskGroup(transaction, library.Key, scanning: false);
                    foreach (var asset in library)
                        PutBack(transaction, asset.Id, library.Key, asset.Group, group, asset.Stage, changes);
                }

                progress.Apply(transaction, changes);
                foreach (var library in failed.GroupBy(asset => asset.Library, asset => asset.Id))
                {
                    var ids = library.ToList();
                    transaction.AfterCommit(() => announcements.Announce(new Announcement.AssetsChanged(library.Key, ids)));
                }

                return failed.Count;
            },
            WriteUrgency.Urgent,
            cancellationToken);

    private static void PutBack(
        WriteTransaction transaction, long assetId, long libraryId, long fromGroup, long toGroup, Stage stage, CounterChanges changes)
    {
        var status = stage == Stage.Metadata ? AssetStatus.Pending : AssetStatus.Indexed;
        transaction.Prepare("UPDATE assets SET status = @status, task_group_id = @group, attempts = 0, not_before = 0 WHERE id = @id")
            .Set("@status", (int)status).Set("@group", toGroup).Set("@id", assetId).ExecuteNonQuery();
        transaction.Prepare("DELETE FROM failures WHERE asset_id = @id").Set("@id", assetId).ExecuteNonQuery();
        changes.Add(libraryId, fromGroup, AssetStatus.Failed, -1);
        changes.Add(libraryId, toGroup, status, 1);
    }

    private static FailedAsset ReadFailure(DbDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        AssetStore.JoinPath(row.GetString(2), row.GetString(3)),
        (Stage)row.GetInt32(4),
        row.GetString(5),
        row.GetInt32(6),
        StoredTime.FromStored(row.GetInt64(7)));
}
