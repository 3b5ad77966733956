using System.Data.Common;

namespace Vitrine.Storage;

/// <summary>
/// The one way to the tables. Reads run on pooled connections and never wait for writes; writes are handed over as work
/// and committed in groups. Stores hold SQL and are the same class for every database, unless behaviour differs
/// (locking, bulk loading): then there is one class per database behind one contract.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public abstract class Database : IAsyncDisposable
{
    public abstract SqlDialect Dialect { get; }

    /// <summary>What it takes on disk, without its log.</summary>
    /// <exception cref="DatabaseUnavailableException">The database cannot be read.</exception>
    public long SizeBytes() => Read(connection => connection.QueryNumber(Dialect.SizeSql));

    /// <summary>Runs <paramref name="read"/> on a pooled connection, in a snapshot of its own per statement.</summary>
    /// <exception cref="DatabaseUnavailableException">The database cannot be read.</exception>
    public abstract T Read<T>(Func<DbConnection, T> read);

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction, possibly together with other work, and completes when it is durable.
    /// Work that throws is rolled back alone; the exception reaches only its own caller.
    /// </summary>
    /// <param name="work">Runs on the writer's thread: SQL only, no I/O and no waiting.</param>
    /// <param name="urgency">Urgent work goes before bulk work.</param>
    /// <param name="cancellationToken">Withdraws work that has not begun; work that has begun is finished.</param>
    public abstract Task<T> WriteAsync<T>(Func<WriteTransaction, T> work, WriteUrgency urgency, CancellationToken cancellationToken);

    /// <inheritdoc cref="WriteAsync{T}(Func{WriteTransaction, T}, WriteUrgency, CancellationToken)"/>
    public Task WriteAsync(Action<WriteTransaction> work, WriteUrgency urgency, CancellationToken cancellationToken) =>
        WriteAsync(
            transaction =>
            {
                work(transaction);
                return true;
            },
            urgency,
            cancellationToken);

    /// <summary>Finishes what was handed over, then closes.</summary>
    public abstract ValueTask DisposeAsync();
}
