using Npgsql;
using NpgsqlTypes;
using Vitrine.Storage;

namespace Vitrine.Transfer;

/// <summary>What makes a library visible, in the last transaction: the library itself, its task groups and counters, its folders, what was skipped, its jobs.</summary>
internal sealed class LibraryRows(TransferSource source, TransferEntry entry, NpgsqlConnection target)
{
    /// <exception cref="PostgresException">A unique violation when a library with this root was added meanwhile.</exception>
    public void Write()
    {
        var groups = source.Read(connection => connection.Query(
            "SELECT id, scanning, cancelled, retry, created_at FROM task_groups WHERE library_id = @library ORDER BY id",
            row => (Id: row.GetInt64(0) + entry.ScopeShift, Scanning: row.GetBoolean(1), Cancelled: row.GetBoolean(2), Retry: row.GetBoolean(3), CreatedAt: row.GetInt64(4)),
            ("@library", entry.SourceId)));
        foreach (var (id, _, _, _, _) in groups)
            target.Execute("INSERT INTO progress_scopes (id) OVERRIDING SYSTEM VALUE VALUES (@id)", ("@id", id));
        WriteLibrary();
        foreach (var (id, scanning, cancelled, retry, createdAt) in groups)
        {
            target.Execute(
                "INSERT INTO task_groups (id, library_id, scanning, cancelled, retry, created_at) VALUES (@id, @library, @scanning, @cancelled, @retry, @created)",
                ("@id", id), ("@library", entry.LibraryId), ("@scanning", scanning), ("@cancelled", cancelled), ("@retry", retry), ("@created", createdAt));
        }

        WriteCounters();
        CopyFolders();
        CopySkipped();
        JobRows.Copy(source, target, entry);
    }

    private void WriteLibrary()
    {
        const string Columns = "name, path, include_hidden, paused, created_at, offline_since, offline_reason, device, missing";
        ColumnKind[] kinds =
        [
            ColumnKind.Text, ColumnKind.Text, ColumnKind.Flag, ColumnKind.Flag, ColumnKind.Number, ColumnKind.Number, ColumnKind.Text, ColumnKind.Text, ColumnKind.Number,
        ];
        var (values, settledTo) = source.Read(connection => connection.QueryFirstOrDefault(
            $"SELECT {Columns}, settled_to FROM libraries WHERE id = @id",
            row => (Values: kinds.Select((kind, place) => TransferValue.Read(row, place, kind)).ToArray(), row.GetInt64(kinds.Length)),
            ("@id", entry.SourceId)));
        target.Execute(
            $"INSERT INTO libraries (id, {Columns}, settled_to) VALUES (@id, {string.Join(", ", kinds.Select((_, place) => $"@p{place}"))}, @settled)",
            [("@id", entry.LibraryId), ("@settled", settledTo + entry.AssetShift), .. values.Select((value, place) => ($"@p{place}", value))]);
    }

    /// <summary>Counted from the rows that arrived; versions go on from those of the source. All in one part, whose number means nothing.</summary>
    private void WriteCounters()
    {
        var scopes = source.Read(connection => connection.Query(
            "SELECT id, version, updated_at FROM progress WHERE id = @library OR id IN (SELECT id FROM task_groups WHERE library_id = @library)",
            row => (Id: row.GetInt64(0) + entry.ScopeShift, Version: row.GetInt64(1), UpdatedAt: row.GetInt64(2)),
            ("@library", entry.SourceId)));
        target.Execute(
            """
            INSERT INTO progress_parts (id, part, pending, indexed, embedding, ready, failed, version, updated_at)
            SELECT s.id, 0, COUNT(*) FILTER (WHERE status = 0), COUNT(*) FILTER (WHERE status = 1), COUNT(*) FILTER (WHERE status = 2),
                COUNT(*) FILTER (WHERE status = 3), COUNT(*) FILTER (WHERE status = 4), s.version + 1, s.updated_at
            FROM unnest(@ids, @versions, @times) AS s (id, version, updated_at)
                LEFT JOIN (
                    SELECT library_id AS scope, status FROM assets WHERE library_id = @library
                    UNION ALL SELECT task_group_id, status FROM assets WHERE library_id = @library) rows ON rows.scope = s.id
            GROUP BY s.id, s.version, s.updated_at
            """,
            ("@library", entry.LibraryId), ("@ids", scopes.ConvertAll(scope => scope.Id).ToArray()),
            ("@versions", scopes.ConvertAll(scope => scope.Version).ToArray()), ("@times", scopes.ConvertAll(scope => scope.UpdatedAt).ToArray()));
    }

    private void CopyFolders() => source.Read(connection =>
    {
        using var copy = target.BeginBinaryImport("COPY folders (id, library_id, path, sidecars) FROM STDIN (FORMAT BINARY)");
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, path, sidecars FROM folders WHERE library_id = @library";
        using var reader = command.Set("@library", entry.SourceId).ExecuteReader();
        while (reader.Read())
        {
            copy.StartRow();
            copy.Write(reader.GetInt64(0) + entry.FolderShift, NpgsqlDbType.Bigint);
            copy.Write(entry.LibraryId, NpgsqlDbType.Bigint);
            copy.Write(reader.GetString(1), NpgsqlDbType.Text);
            copy.Write(reader.GetBoolean(2), NpgsqlDbType.Boolean);
        }

        return copy.Complete();
    });

    private void CopySkipped() => source.Read(connection =>
    {
        using var copy = target.BeginBinaryImport("COPY skipped (library_id, path, reason) FROM STDIN (FORMAT BINARY)");
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT path, reason FROM skipped WHERE library_id = @library";
        using var reader = command.Set("@library", entry.SourceId).ExecuteReader();
        while (reader.Read())
        {
            copy.StartRow();
            copy.Write(entry.LibraryId, NpgsqlDbType.Bigint);
            copy.Write(TransferValue.Clean(reader.GetString(0)), NpgsqlDbType.Text);
            copy.Write(TransferValue.Clean(reader.GetString(1)), NpgsqlDbType.Text);
        }

        return copy.Complete();
    });
}
