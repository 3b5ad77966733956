using System.Data.Common;
using Vitrine.Storage;
using Xunit;

namespace Vitrine.Tests.Indexing;

/// <summary>A database on a disk that a test fills and clears: while it is full nothing can be written.</summary>
internal sealed class FullDisk(Database database) : Database
{
    private readonly SemaphoreSlim _refused = new(0);
    private volatile bool _full;

    public override SqlDialect Dialect => database.Dialect;

    public void Fill() => _full = true;

    public void Clear() => _full = false;

    /// <summary>Waits for so many refused writes.</summary>
    public async Task RefusedAsync(int writes)
    {
        for (var i = 0; i < writes; i++)
            await _refused.WaitAsync(TestContext.Current.CancellationToken);
    }

    public override T Read<T>(Func<DbConnection, T> read) => database.Read(read);

    public override Task<T> WriteAsync<T>(Func<WriteTransaction, T> work, WriteUrgency urgency, CancellationToken cancellationToken)
    {
        if (!_full)
            return database.WriteAsync(work, urgency, cancellationToken);
        _refused.Release();
        return Task.FromException<T>(new DatabaseUnavailableException("The database could not commit: database or disk is full"));
    }

    public override async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        _refused.Dispose();
    }
}
