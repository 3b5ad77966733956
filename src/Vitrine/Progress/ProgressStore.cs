using System.Data.Common;
using Vitrine.Storage;

namespace Vitrine.Progress;

/// <summary>
/// The counter rows. They change in the transaction that changes the assets, and the board hears of it after the commit.
/// </summary>
public sealed class ProgressStore(ProgressBoard board, TimeProvider time)
{
    private const string SqliteApplySql =
        """
        UPDATE progress SET pending = pending + @pending, indexed = indexed + @indexed, embedding = embedding + @embedding,
            ready = ready + @ready, failed = failed + @failed, version = version + 1, updated_at = @now
        WHERE id = @id
        RETURNING pending, indexed, embedding, ready, failed, version
        """;

    /// <summary>
    /// This process counts on a row of its own, and reads the sum of all; it waits for no other process's commit. A scope that is gone
    /// has no row to be found, and none is made.
    /// </summary>
    private const string PostgresApplySql =
        """
        WITH mine AS (
            INSERT INTO progress_parts AS p (id, part, pending, indexed, embedding, ready, failed, version, updated_at)
            SELECT id, @part, @pending, @indexed, @embedding, @ready, @failed, 1, @now FROM progress_scopes WHERE id = @id
            ON CONFLICT (id, part) DO UPDATE SET pending = p.pending + excluded.pending, indexed = p.indexed + excluded.indexed,
                embedding = p.embedding + excluded.embedding, ready = p.ready + excluded.ready, failed = p.failed + excluded.failed,
                version = p.version + 1, updated_at = excluded.updated_at
            RETURNING pending, indexed, embedding, ready, failed, version),
        parts AS (
            SELECT * FROM mine
            UNION ALL
            SELECT pending, indexed, embedding, ready, failed, version FROM progress_parts WHERE id = @id AND part <> @part)
        SELECT SUM(pending)::BIGINT, SUM(indexed)::BIGINT, SUM(embedding)::BIGINT, SUM(ready)::BIGINT, SUM(failed)::BIGINT, SUM(version)::BIGINT
        FROM parts HAVING EXISTS (SELECT 1 FROM mine)
        """;

    /// <summary>More parts than processes that count at once; two that share one only wait for each other.</summary>
    private const int Parts = 64;

    private static readonly int s_part = (int)((uint)HashCode.Combine(Environment.MachineName, Environment.ProcessId) % Parts);

    /// <summary>Makes counters of zero and returns their id, which becomes the library's or task group's.</summary>
    public long Create(WriteTransaction transaction)
    {
        var now = time.GetUtcNow().ToStored();
        if (!transaction.Dialect.IsPostgres)
            return transaction.Connection.QueryNumber("INSERT INTO progress (updated_at) VALUES (@now) RETURNING id", ("@now", now));
        var id = transaction.Connection.QueryNumber("INSERT INTO progress_scopes DEFAULT VALUES RETURNING id");
        transaction.Connection.Execute(
            "INSERT INTO progress_parts (id, part, pending, indexed, embedding, ready, failed, version, updated_at) VALUES (@id, @part, 0, 0, 0, 0, 0, 0, @now)",
            ("@id", id), ("@part", s_part), ("@now", now));
        return id;
    }

    /// <summary>Takes counters away with their library or task group, also off the board.</summary>
    public void Delete(WriteTransaction transaction, IReadOnlyCollection<long> ids)
    {
        var table = transaction.Dialect.IsPostgres ? "progress_scopes" : "progress";
        transaction.Connection.Execute($"DELETE FROM {table} WHERE id IN {SqlIds.In(ids)}");
        transaction.AfterCommit(() => board.Forget(ids));
    }

    /// <summary>Adds the changes to their libraries and task groups.</summary>
    public void Apply(WriteTransaction transaction, CounterChanges changes)
    {
        var byLibrary = new Dictionary<long, StatusCounts>();
        foreach (var ((libraryId, taskGroupId), counts) in changes.ByGroup)
        {
            byLibrary[libraryId] = byLibrary.GetValueOrDefault(libraryId) + counts;
            ApplyOne(transaction, taskGroupId, libraryId, counts);
        }

        foreach (var (libraryId, counts) in byLibrary)
            ApplyOne(transaction, libraryId, libraryId, counts);
    }

    /// <summary>Gives a scope whose flags changed (paused, scanning, cancelled) a new version, and tells the board.</summary>
    public void Touch(WriteTransaction transaction, long id, long libraryId, Func<ScopeState, ScopeState> flags) =>
        Bump(transaction, id, libraryId, default, flags);

    /// <summary>Puts every library and its task groups on the board; once, at the start.</summary>
    public void Load(DbConnection connection) => Load(connection, "TRUE");

    /// <summary>Puts one library and its task groups on the board, as another process left them.</summary>
    public void Load(DbConnection connection, long libraryId) => Load(connection, "l.id = @library", ("@library", libraryId));

    /// <summary>The newest version of each library's counters.</summary>
    public static IReadOnlyDictionary<long, long> LibraryVersions(DbConnection connection) => connection.Query(
            "SELECT l.id, p.version FROM libraries l JOIN progress p ON p.id = l.id", row => (row.GetInt64(0), row.GetInt64(1)))
        .ToDictionary();

    private void Load(DbConnection connection, string where, params (string Name, object? Value)[] parameters)
    {
        const string Columns = "p.pending, p.indexed, p.embedding, p.ready, p.failed, p.version, p.updated_at, l.paused";
        connection.Query(
            $"""
            SELECT {Columns}, g.id, g.library_id, g.scanning, g.cancelled
            FROM task_groups g JOIN progress p ON p.id = g.id JOIN libraries l ON l.id = g.library_id WHERE {where} ORDER BY g.id
            """,
            row =>
            {
                var (groupId, libraryId) = (row.GetInt64(8), row.GetInt64(9));
                var state = ReadState(row) with { Scanning = row.GetBoolean(10), Cancelled = row.GetBoolean(11) };
                board.Update(groupId, libraryId, _ => state);
                return 0;
            },
            parameters);
        connection.Query(
            $"""
            SELECT {Columns}, l.id, (SELECT MAX(g.id) FROM task_groups g WHERE g.library_id = l.id),
                EXISTS (SELECT 1 FROM task_groups g WHERE g.library_id = l.id AND g.scanning = TRUE)
            FROM libraries l JOIN progress p ON p.id = l.id WHERE {where}
            """,
            row =>
            {
                var state = ReadState(row) with { TaskGroupId = row.GetInt64(9), Scanning = row.GetBoolean(10) };
                board.Update(row.GetInt64(8), row.GetInt64(8), _ => state);
                return 0;
            },
            parameters);
    }

    private static ScopeState ReadState(DbDataReader row) => new(
        new StatusCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
        Scanning: false,
        Paused: row.GetBoolean(7),
        Cancelled: false,
        TaskGroupId: 0,
        row.GetInt64(5),
        StoredTime.FromStored(row.GetInt64(6)));

    private void ApplyOne(WriteTransaction transaction, long id, long libraryId, StatusCounts difference) =>
        Bump(transaction, id, libraryId, difference, state => state);

    /// <summary>Moves the counters and the version on; a row that is gone was forgotten with its library, and counts nothing any more.</summary>
    private void Bump(WriteTransaction transaction, long id, long libraryId, StatusCounts difference, Func<ScopeState, ScopeState> flags)
    {
        var now = time.GetUtcNow();
        var apply = transaction.Dialect.IsPostgres ? transaction.Prepare(PostgresApplySql).Set("@part", s_part) : transaction.Prepare(SqliteApplySql);
        using var reader = apply
            .Set("@id", id).Set("@now", now.ToStored())
            .Set("@pending", difference.Pending).Set("@indexed", difference.Indexed).Set("@embedding", difference.Embedding)
            .Set("@ready", difference.Ready).Set("@failed", difference.Failed)
            .ExecuteReader();
        if (!reader.Read())
            return;
        var counts = new StatusCounts(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
        var version = reader.GetInt64(5);
        transaction.AfterCommit(() => board.Update(
            id, libraryId, state => flags(state) with { Counts = counts, Version = version, UpdatedAt = now }));
    }
}
