using Vitrine.Storage;

namespace Vitrine.Embeddings.Pgvector;

/// <summary>
/// The tables that pgvector searches: one per space and library, beside <c>embeddings</c>, which stays the truth. Triggers carry every change
/// over in its own transaction, whichever process makes it; what was there before is copied. See docs/decisions/0011.
/// </summary>
/// <remarks>
/// Every step can be done again, and goes on where it stopped. <see cref="Prepare"/> may run in several processes at once, the rest in one.
/// </remarks>
internal sealed partial class VectorTables(Database database)
{
    /// <summary>About a tenth of a second of the writer's time.</summary>
    private const int SliceRows = 1000;

    public static string Name(long spaceId, long libraryId) => $"vectors_{spaceId}_{libraryId}";

    /// <summary>Takes the triggers away where the extension they need is gone: they would refuse every vector.</summary>
    public static void TakeAwayIfUseless(Database database) => Run(database, TakeAwaySql);

    /// <summary>Whether there is nothing to prepare or to copy.</summary>
    public bool AreComplete => database.Read(connection =>
        connection.QueryNumber("SELECT CASE WHEN to_regclass('vector_tables') IS NULL THEN 0 ELSE 1 END") == 1 && connection.QueryNumber(AreCompleteSql) == 1);

    /// <summary>Makes the triggers, and for each library that has vectors the table they are copied to. From then on every change is followed.</summary>
    /// <remarks>The first time it waits until what is just being written is committed, and keeps others from writing vectors for that long.</remarks>
    public void Prepare() => Run(database, PrepareSql);

    /// <summary>A library whose vectors are not all copied, or not indexed; null when there is none.</summary>
    public PendingVectors? NextOrNull() => database.Read(connection => connection.QueryFirstOrDefault(
        "SELECT space_id, library_id, copied_to, copied FROM vector_tables WHERE copied_to IS NOT NULL ORDER BY library_id, space_id LIMIT 1",
        row => new PendingVectors(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))));

    /// <summary>Copies some vectors, and remembers up to where in the same transaction.</summary>
    /// <returns>Null when none were left.</returns>
    public Task<PendingVectors?> CopySliceAsync(PendingVectors pending, CancellationToken cancellationToken) => database.WriteAsync(
        transaction =>
        {
            var (rows, last) = transaction.Connection.QueryFirstOrDefault(
                CopySql(pending.Table),
                row => (row.GetInt64(0), row.GetInt64(1)),
                ("@space", pending.SpaceId), ("@library", pending.LibraryId), ("@after", pending.CopiedTo), ("@rows", SliceRows));
            if (rows == 0)
                return null;
            transaction.Connection.Execute(
                "UPDATE vector_tables SET copied_to = @last, copied = copied + @rows WHERE space_id = @space AND library_id = @library",
                ("@last", last), ("@rows", rows), ("@space", pending.SpaceId), ("@library", pending.LibraryId));
            return pending with { CopiedTo = last, Copied = pending.Copied + rows };
        },
        WriteUrgency.Bulk,
        cancellationToken);

    /// <summary>Ends the copy: builds the index, which may take minutes and keeps nobody from reading or writing.</summary>
    public async Task FinishAsync(PendingVectors pending, CancellationToken cancellationToken)
    {
        Run(database, SweepSql(pending), cancellationToken);
        // What an interrupted build left cannot be used.
        Run(database, $"DROP INDEX IF EXISTS {pending.Table}_hnsw", cancellationToken);
        Run(database, $"CREATE INDEX CONCURRENTLY {pending.Table}_hnsw ON {pending.Table} USING hnsw (vector halfvec_cosine_ops)", cancellationToken);
        await database.WriteAsync(
            transaction => transaction.Connection.Execute(
                "UPDATE vector_tables SET copied_to = NULL WHERE space_id = @space AND library_id = @library",
                ("@space", pending.SpaceId), ("@library", pending.LibraryId)),
            WriteUrgency.Bulk,
            cancellationToken);
    }

    /// <summary>
    /// On a connection of its own, without a time limit: what takes long would keep the writer from everything else, an index cannot be built
    /// beside writers inside a transaction, and a lock would be waited for with all that the writer's transaction holds.
    /// </summary>
    private static void Run(Database database, string sql, CancellationToken cancellationToken = default)
    {
        try
        {
            database.Read(connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = sql;
                command.CommandTimeout = 0;
                using var cancelled = cancellationToken.Register(command.Cancel);
                return command.ExecuteNonQuery();
            });
        }
        catch (DatabaseUnavailableException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
