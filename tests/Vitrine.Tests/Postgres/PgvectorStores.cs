using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;

namespace Vitrine.Tests.Postgres;

/// <summary>Opens the stores on a PostgreSQL that has pgvector. Scans are not for it: PGlite cannot <c>COPY</c> from a connection.</summary>
internal sealed class PgvectorStores : IStoreSource
{
    private string? _connectionString;

    public async ValueTask PrepareAsync() => _connectionString = await SharedPglite.TakeAsync();

    public Stores Open(string folder, ManualTime time) => new(PostgresDatabase.Open(_connectionString!, NullLogger.Instance), time);

    public ValueTask DisposeAsync()
    {
        if (_connectionString is not null)
            SharedPglite.Return();
        return ValueTask.CompletedTask;
    }
}
