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
        RETURNING pending, indexed, embedding, ready, failed, version, id
        """;

    /// <summary>
    /// Scopes in one trip. This process counts on rows of its own, in the order of their ids, and reads the sums of all; it waits for no
    /// other process's commit. A scope that is gone has no row to be found, and none is made.
    /// </summary>
    private const string PostgresApplySql =
        """
        WITH mine AS (
            INSERT INTO progress_parts AS p (id, part, pending, indexed, embedding, ready, failed, version, updated_at)
            SELECT s.id, @part, c.pending, c.indexed, c.embedding, c.ready, c.failed, 1, @now
            FROM unnest(@ids, @pending, @indexed, @embedding, @ready, @failed) AS c (id, pending, indexed, embedding, ready, failed)
                JOIN progress_scopes s ON s.id = c.id
            ORDER BY s.id
            ON CONFLICT (id, part) DO UPDATE SET pending = p.pending + excluded.pending, indexed = p.indexed + excluded.indexed,
                embedding = p.embedding + excluded.embedding, ready = p.ready + excluded.ready, failed = p.failed + excluded.failed,
                version = p.version + 1, updated_at = excluded.updated_at
            RETURNING id, pending, indexed, embedding, ready, failed, version),
        parts AS (
            SELECT * FROM mine
            UNION ALL
            SELECT id, pending, indexed, embedding, ready, failed, version FROM progress_parts
            WHERE id IN (SELECT id FROM mine) AND part <> @part)
        SELECT SUM(pending)::BIGINT, SUM(indexed)::BIGINT, SUM(embedding)::BIGINT, SUM(ready)::BIGINT, SUM(failed)::BIGINT, SUM(version)::BIGINT, id
        FROM parts GROUP BY id
        """;

    /// <summary>More parts than processes that count at once; two that share one only wait for each other.</summary>
    private const int Parts = 1024;

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
        var libraries = changes.ByGroup.GroupBy(
            change => change.Key.LibraryId,
            change => change.Value,
            (libraryId, counts) => new ScopeChange(libraryId, libraryId, counts.Aggregate((sum, more) => sum + more)));
        Count(transaction, [.. changes.ByGroup.Select(change => new ScopeChange(change.Key.TaskGroupId, change.Key.LibraryId, change.Value)), .. libraries]);
    }

    /// <summary>Gives a scope whose flags changed (paused, scanning, cancelled) a new version, and tells the board.</summary>
    public void Touch(WriteTransaction transaction, long id, long libraryId, Func<ScopeState, ScopeState> flags) =>
        Count(transaction, [new ScopeChange(id, libraryId, default)], flags);

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

    /// <summary>Moves the counters and the versions on; a row that is gone was forgotten with its library, and counts nothing any more.</summary>
    private void Count(WriteTransaction transaction, ScopeChange[] scopes, Func<ScopeState, ScopeState>? flags = null)
    {
        if (scopes.Length == 0)
            return;
        var now = time.GetStoredNow(); // as whoever reads the row will see it
        var counted = transaction.Dialect.IsPostgres ? CountTogether(transaction, scopes, now) : CountEach(transaction, scopes, now);
        var libraries = scopes.ToDictionary(scope => scope.Id, scope => scope.LibraryId);
        foreach (var (id, counts, version) in counted)
        {
            transaction.AfterCommit(() => board.Update(
                id, libraries[id], state => (flags?.Invoke(state) ?? state) with { Counts = counts, Version = version, UpdatedAt = now }));
        }
    }

    private static List<(long Id, StatusCounts Counts, long Version)> CountTogether(WriteTransaction transaction, ScopeChange[] scopes, DateTimeOffset now) =>
        transaction.Query(
            PostgresApplySql,
            ReadCounted,
            ("@part", s_part), ("@now", now.ToStored()), ("@ids", scopes.Select(scope => scope.Id).ToArray()),
            ("@pending", scopes.Select(scope => scope.Difference.Pending).ToArray()), ("@indexed", scopes.Select(scope => scope.Difference.Indexed).ToArray()),
            ("@embedding", scopes.Select(scope => scope.Difference.Embedding).ToArray()), ("@ready", scopes.Select(scope => scope.Difference.Ready).ToArray()),
            ("@failed", scopes.Select(scope => scope.Difference.Failed).ToArray()));

    private static List<(long Id, StatusCounts Counts, long Version)> CountEach(WriteTransaction transaction, ScopeChange[] scopes, DateTimeOffset now)
    {
        var counted = new List<(long, StatusCounts, long)>(scopes.Length);
        foreach (var (id, _, difference) in scopes)
        {
            counted.AddRange(transaction.Query(
                SqliteApplySql,
                ReadCounted,
                ("@id", id), ("@now", now.ToStored()), ("@pending", difference.Pending), ("@indexed", difference.Indexed),
                ("@embedding", difference.Embedding), ("@ready", difference.Ready), ("@failed", difference.Failed)));
        }

        return counted;
    }

    private static (long Id, StatusCounts Counts, long Version) ReadCounted(DbDataReader row) => (
        row.GetInt64(6),
        new StatusCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
        row.GetInt64(5));

    private readonly record struct ScopeChange(long Id, long LibraryId, StatusCounts Difference);
}
