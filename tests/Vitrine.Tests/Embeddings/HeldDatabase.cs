using System.Data.Common;
using Vitrine.Storage;

namespace Vitrine.Tests.Embeddings;

/// <summary>A database whose next load of vectors a test holds in the middle, or lets fail.</summary>
internal sealed class HeldDatabase(Database database) : Database
{
    private Func<Action, Exception?>? _next;
    private int _reads;

    /// <summary>Runs around the next load, which is the read that answers an <see cref="int"/>: it is given the read, and may answer a failure.</summary>
    public void HoldNext(Func<Action, Exception?> around) => _next = around;

    public int Reads => Volatile.Read(ref _reads);

    public override SqlDialect Dialect => SqlDialect.Sqlite;

    public override T Read<T>(Func<DbConnection, T> read)
    {
        Interlocked.Increment(ref _reads);
        if (typeof(T) != typeof(int) || Interlocked.Exchange(ref _next, null) is not { } around)
            return database.Read(read);
        T? result = default;
        return around(() => result = database.Read(read)) is { } failure ? throw failure : result!;
    }

    public override Task<T> WriteAsync<T>(Func<WriteTransaction, T> work, WriteUrgency urgency, CancellationToken cancellationToken) =>
        database.WriteAsync(work, urgency, cancellationToken);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
