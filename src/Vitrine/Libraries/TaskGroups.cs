using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>What becomes of task groups: a later one takes over what they left unfinished, and empty ones are forgotten.</summary>
public sealed class TaskGroups(Database database, ProgressStore progress)
{
    /// <summary>An empty group that was made longer ago is not followed by anybody any more.</summary>
    public static TimeSpan KeptFor { get; } = TimeSpan.FromHours(1);

    /// <summary>Some 20 ms of the writer, so that what people do goes in between (docs/benchmarks.md).</summary>
    private const int SliceRows = 2000;

    /// <summary>In two texts, because each has an index: what waits, and what is being worked on.</summary>
    internal static string TakeWaitingSql(SqlDialect dialect)
    {
        const string Waiting =
            """
            SELECT a.id FROM assets a WHERE a.task_group_id = @old AND a.status = @status AND a.claim_owner IS NULL AND a.status <> 3 AND a.status <> 4
            LIMIT @rows
            """;
        return $"UPDATE assets SET task_group_id = @group WHERE {dialect.IsOneOf("id", Waiting)}";
    }

    internal const string TakeClaimedSql =
        "UPDATE assets SET task_group_id = @group WHERE task_group_id = @old AND status = @status AND claim_owner IS NOT NULL";

    internal const string EmptySql =
        """
        SELECT g.id FROM task_groups g JOIN progress p ON p.id = g.id
        WHERE g.library_id = @library AND g.scanning = FALSE AND g.created_at < @before
            AND p.pending + p.indexed + p.embedding + p.ready + p.failed = 0
        """;

    private static readonly AssetStatus[] s_unfinished = [AssetStatus.Pending, AssetStatus.Indexed, AssetStatus.Embedding];

    /// <summary>
    /// Moves what older groups of the library left unfinished into this one, a slice per commit; may be cancelled and run again at any time.
    /// </summary>
    /// <param name="includeCancelled">Whether a person asked for all of it again; what runs by itself leaves cancelled work alone.</param>
    public async Task TakeOverAsync(long libraryId, long taskGroupId, bool includeCancelled, CancellationToken cancellationToken)
    {
        // Looked at first without the writer: usually there is nothing.
        while (database.Read(connection => OlderOrNull(connection, libraryId, taskGroupId, includeCancelled)) is { } older)
        {
            var moved = await database.WriteAsync(
                transaction => TakeSlice(transaction, libraryId, older, taskGroupId), WriteUrgency.Bulk, cancellationToken);
            if (moved == 0 && database.Read(connection => OlderOrNull(connection, libraryId, taskGroupId, includeCancelled)) == older)
                throw new InvalidOperationException($"Task group {older} counts unfinished assets and has none.");
        }
    }

    /// <summary>Forgets the library's groups that are long done and hold nothing: their assets went to later groups or are gone.</summary>
    internal static void ForgetEmpty(WriteTransaction transaction, ProgressStore progress, long libraryId, DateTimeOffset now)
    {
        var empty = transaction.Connection.Query(
            EmptySql, row => row.GetInt64(0), ("@library", libraryId), ("@before", (now - KeptFor).ToStored()));
        if (empty.Count == 0)
            return;
        transaction.Connection.Execute($"DELETE FROM task_groups WHERE id IN {SqlIds.In(empty)}");
        progress.Delete(transaction, empty);
    }

    private static long? OlderOrNull(System.Data.Common.DbConnection connection, long libraryId, long taskGroupId, bool includeCancelled) =>
        connection.QueryFirstOrDefault<long?>(
            """
            SELECT g.id FROM task_groups g JOIN progress p ON p.id = g.id
            WHERE g.library_id = @library AND g.id < @group AND p.pending + p.indexed + p.embedding > 0 AND (@cancelled OR g.cancelled = FALSE)
            ORDER BY g.id LIMIT 1
            """,
            row => row.GetInt64(0),
            ("@library", libraryId), ("@group", taskGroupId), ("@cancelled", includeCancelled));

    private int TakeSlice(WriteTransaction transaction, long libraryId, long older, long taskGroupId)
    {
        var changes = new CounterChanges();
        var moved = 0;
        foreach (var status in s_unfinished)
        {
            var waiting = transaction.Prepare(TakeWaitingSql(transaction.Dialect))
                .Set("@group", taskGroupId).Set("@old", older).Set("@status", (int)status).Set("@rows", SliceRows - moved).ExecuteNonQuery();
            var claimed = transaction.Prepare(TakeClaimedSql)
                .Set("@group", taskGroupId).Set("@old", older).Set("@status", (int)status).ExecuteNonQuery();
            changes.Add(libraryId, older, status, -(waiting + claimed));
            changes.Add(libraryId, taskGroupId, status, waiting + claimed);
            moved += waiting + claimed;
            if (moved >= SliceRows)
                break;
        }

        progress.Apply(transaction, changes);
        return moved;
    }
}
