using System.Data.Common;
using Vitrine.Storage;

namespace Vitrine.Tests.Libraries;

/// <summary>Refuses the first read, as a disk that was slow to wake up does.</summary>
internal sealed class DatabaseThatIsAwayOnce(Database database, SqlDialect? dialect = null) : Database
{
    private bool _back;

    public override SqlDialect Dialect => dialect ?? database.Dialect;

    public override T Read<T>(Func<DbConnection, T> read)
    {
        if (_back)
            return database.Read(read);
        _back = true;
        throw new DatabaseUnavailableException("away");
    }

    public override Task<T> WriteAsync<T>(Func<WriteTransaction, T> work, WriteUrgency urgency, CancellationToken cancellationToken) =>
        database.WriteAsync(work, urgency, cancellationToken);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
