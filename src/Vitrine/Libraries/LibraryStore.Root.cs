using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <content>What is known of the root itself: whether it is there, what it lies on, and what of it is missing.</content>
public sealed partial class LibraryStore
{
    /// <summary>The root is away: its work waits. Since when is kept while it stays away; the reason may change.</summary>
    /// <returns>Whether it was there until now.</returns>
    public Task<bool> SetOfflineAsync(long libraryId, string reason, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                if (FindOrNull(transaction.Connection, libraryId) is not { } library || library.Offline?.Reason == reason)
                    return false;
                transaction.Connection.Execute(
                    "UPDATE libraries SET offline_since = COALESCE(offline_since, @now), offline_reason = @reason WHERE id = @id",
                    ("@now", time.GetUtcNow().ToStored()), ("@reason", reason), ("@id", libraryId));
                Touch(transaction, libraryId, null, state => state);
                return library.Offline is null;
            },
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>The root is there, on this device: its work goes on.</summary>
    /// <returns>Whether it was away until now.</returns>
    public Task<bool> SetOnlineAsync(long libraryId, string? device, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                if (FindOrNull(transaction.Connection, libraryId) is not { } library || (library.Offline is null && library.Device == device))
                    return false;
                transaction.Connection.Execute(
                    "UPDATE libraries SET offline_since = NULL, offline_reason = NULL, device = @device WHERE id = @id",
                    ("@device", device), ("@id", libraryId));
                if (library.Offline is not null)
                    Touch(transaction, libraryId, null, state => state);
                return library.Offline is not null;
            },
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>How many files are gone and wait for a person to confirm their removal; 0 for none.</summary>
    public Task SetMissingAsync(long libraryId, long missing, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                if (transaction.Connection.Execute(
                        "UPDATE libraries SET missing = @missing WHERE id = @id AND missing <> @missing", ("@missing", missing), ("@id", libraryId)) > 0)
                    Touch(transaction, libraryId, null, state => state);
            },
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Every folder that holds assets, relative to the root.</summary>
    public IReadOnlyList<string> Folders(long libraryId) => database.Read(
        connection => connection.Query("SELECT path FROM folders WHERE library_id = @id", row => row.GetString(0), ("@id", libraryId)));

    /// <summary>
    /// Known files spread over the library, up to <paramref name="count"/>: path relative to the root, and size in bytes.
    /// One seek per file, whatever the library's size.
    /// </summary>
    public IReadOnlyList<(string Path, long Size)> Sample(long libraryId, int count) =>
        database.Read(connection =>
        {
            var (first, last) = connection.QueryFirstOrDefault(
                "SELECT MIN(id), MAX(id) FROM assets WHERE library_id = @id", row => (row.LongOrNull(0), row.LongOrNull(1)), ("@id", libraryId));
            if (first is not { } from || last is not { } to)
                return (IReadOnlyList<(string, long)>)[];
            var sample = new Dictionary<long, (string, long)>();
            for (var index = 0; index < count; index++)
            {
                var (id, file) = connection.QueryFirstOrDefault(
                    """
                    SELECT a.id, f.path, a.name, a.size FROM assets a JOIN folders f ON f.id = a.folder_id
                    WHERE a.library_id = @id AND a.id >= @at ORDER BY a.id LIMIT 1
                    """,
                    row => (row.GetInt64(0), (AssetStore.JoinPath(row.GetString(1), row.GetString(2)), row.GetInt64(3))),
                    ("@id", libraryId), ("@at", from + ((to - from) * index / Math.Max(1, count - 1))));
                sample[id] = file;
            }

            return [.. sample.Values];
        });

    /// <summary>
    /// The newest task group while it may be added to; else a new one, which takes nothing over: what was cancelled stays so.
    /// </summary>
    public Task<long> OpenTaskGroupAsync(long libraryId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => transaction.Connection.QueryFirstOrDefault<long?>(
                "SELECT id FROM task_groups WHERE library_id = @id AND cancelled = FALSE AND id = (SELECT MAX(id) FROM task_groups WHERE library_id = @id)",
                row => row.GetInt64(0),
                ("@id", libraryId)) ?? BeginTaskGroup(transaction, libraryId, scanning: false),
            WriteUrgency.Urgent,
            cancellationToken);
}
