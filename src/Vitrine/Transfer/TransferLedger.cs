using System.Data.Common;
using Vitrine.Storage;

namespace Vitrine.Transfer;

/// <summary>
/// The table <c>transfers</c> of the target: which libraries are on their way, under which ids, and how far. It changes in the
/// transactions that bring the rows, so that a move that was killed goes on exactly where it was.
/// </summary>
/// <remarks>
/// The target may hold libraries of its own, and servers may be at work on it: so a library gets new ids, a range of each kind that is
/// taken off the target's sequences at the beginning. Old and new id differ by the same number for all rows of a library: order is kept,
/// and no table of pairs is needed.
/// </remarks>
internal sealed class TransferLedger(PostgresDatabase target, TimeProvider time)
{
    private const int IdsPerBlock = 1000;

    private const string SelectSql =
        """
        SELECT library_id, source_id, source_version, folder_shift, asset_shift, copied_to, assets, differs, finished_at IS NOT NULL
        FROM transfers WHERE path = @path AND created_at = @created AND source_id = @source
        """;

    public TransferEntry? FindOrNull(SourceLibrary library) => target.Read(connection => FindOrNull(connection, library));

    /// <summary>The library of the target that has this root and did not come by this move; null for none.</summary>
    public string? OtherOrNull(SourceLibrary library) => target.Read(connection => OtherOrNull(connection, library));

    public static string? OtherOrNull(DbConnection connection, SourceLibrary library) => connection.QueryFirstOrDefault(
        """
        SELECT l.name FROM libraries l WHERE l.path = @path AND l.id NOT IN (
            SELECT t.library_id FROM transfers t WHERE t.created_at = @created AND t.source_id = @source AND t.path = @path AND t.finished_at IS NOT NULL)
        """,
        row => row.GetString(0),
        ("@path", library.Path), ("@created", library.CreatedAt), ("@source", library.Id));

    /// <summary>Takes ids for a library and notes that it is on its way; what another run began is gone on with.</summary>
    public Task<TransferEntry> BeginAsync(SourceLibrary library, IdSpan scopes, IdSpan folders, IdSpan assets, CancellationToken cancellationToken) =>
        target.WriteAsync(
            transaction =>
            {
                var connection = transaction.Connection;
                if (FindOrNull(connection, library) is { } begun)
                    return begun;
                var firstScope = Reserve(connection, "pg_get_serial_sequence('progress_scopes', 'id')", scopes.Count);
                var firstFolder = Reserve(connection, "pg_get_serial_sequence('folders', 'id')", folders.Count);
                var firstAsset = Reserve(connection, "'asset_id_blocks'", (assets.Count + IdsPerBlock - 1) / IdsPerBlock) * IdsPerBlock;
                var libraryId = library.Id - scopes.First + firstScope;
                connection.Execute("INSERT INTO progress_scopes (id) OVERRIDING SYSTEM VALUE VALUES (@id)", ("@id", libraryId));
                connection.Execute(
                    """
                    INSERT INTO transfers (library_id, path, created_at, source_id, source_version, folder_shift, asset_shift, started_at)
                    VALUES (@id, @path, @created, @source, @version, @folders, @assets, @now)
                    """,
                    ("@id", libraryId), ("@path", library.Path), ("@created", library.CreatedAt), ("@source", library.Id), ("@version", library.Version),
                    ("@folders", firstFolder - folders.First), ("@assets", firstAsset - assets.First), ("@now", time.GetUtcNow().ToStored()));
                return FindOrNull(connection, library)!;
            },
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Notes that a batch is in; to be called first in its transaction.</summary>
    /// <exception cref="TransferRefusedException">Another run moves the same library at the same time.</exception>
    public static void Advance(DbConnection connection, TransferEntry entry, long to, long assets)
    {
        var changed = connection.Execute(
            "UPDATE transfers SET copied_to = @to, assets = assets + @assets WHERE library_id = @id AND copied_to = @from AND finished_at IS NULL",
            ("@to", to), ("@assets", assets), ("@id", entry.LibraryId), ("@from", entry.CopiedTo));
        RequireOne(changed);
    }

    /// <exception cref="TransferRefusedException">Another run moves the same library at the same time.</exception>
    public void Finish(DbConnection connection, TransferEntry entry) => RequireOne(connection.Execute(
        "UPDATE transfers SET finished_at = @now, differs = FALSE WHERE library_id = @id AND copied_to = @to AND finished_at IS NULL",
        ("@now", time.GetUtcNow().ToStored()), ("@id", entry.LibraryId), ("@to", entry.CopiedTo)));

    public Task MarkDifferingAsync(TransferEntry entry, CancellationToken cancellationToken) => target.WriteAsync(
        transaction => transaction.Connection.Execute("UPDATE transfers SET differs = TRUE WHERE library_id = @id", ("@id", entry.LibraryId)),
        WriteUrgency.Urgent,
        cancellationToken);

    /// <summary>Takes back what an unfinished move brought. When this is broken off, servers sweep the rest: it belongs to no library.</summary>
    public async Task DropAsync(TransferEntry entry, CancellationToken cancellationToken)
    {
        const int SliceRows = 5000;
        await target.WriteAsync(
            transaction => transaction.Connection.Execute(
                "DELETE FROM progress_scopes WHERE id = @id AND id NOT IN (SELECT id FROM libraries)", ("@id", entry.LibraryId)),
            WriteUrgency.Urgent,
            cancellationToken);
        int gone;
        do
        {
            gone = await target.WriteAsync(
                transaction => transaction.Connection.Execute(
                    "DELETE FROM assets WHERE id = ANY (ARRAY(SELECT id FROM assets WHERE library_id = @id LIMIT @rows))", ("@id", entry.LibraryId), ("@rows", SliceRows)),
                WriteUrgency.Bulk,
                cancellationToken);
        }
        while (gone > 0);
    }

    private static TransferEntry? FindOrNull(DbConnection connection, SourceLibrary library) => connection.QueryFirstOrDefault(
        SelectSql,
        row => new TransferEntry(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetBoolean(7), row.GetBoolean(8)),
        ("@path", library.Path), ("@created", library.CreatedAt), ("@source", library.Id));

    /// <summary>So many values in a row. Nobody else gets any until the commit: changing a sequence, even to what it is, waits for and holds up all others.</summary>
    private static long Reserve(DbConnection connection, string nameSql, long count)
    {
        var sequence = connection.QueryFirstOrDefault($"SELECT {nameSql}::text", row => row.GetString(0));
        connection.Execute($"ALTER SEQUENCE {sequence} INCREMENT BY 1");
        var first = connection.QueryNumber($"SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM {sequence}");
        connection.Execute($"ALTER SEQUENCE {sequence} RESTART WITH {first + count}");
        return first;
    }

    private static void RequireOne(int changed)
    {
        if (changed != 1)
            throw new TransferRefusedException("Another 'vitrine migrate' moves the same library at the same time. Let it finish, or end it, then try again.");
    }
}
