using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;

namespace Vitrine.Tests.Postgres;

/// <summary>Opens the stores on PostgreSQL; a test opens the same database again by the same folder.</summary>
internal sealed class PostgresStores : IStoreSource
{
    private PostgresTestDatabase? _database;

    public async ValueTask PrepareAsync() => _database = await SharedPostgres.CreateAsync();

    public Stores Open(string folder, ManualTime time) => new(PostgresDatabase.Open(_database!.ConnectionString, NullLogger.Instance), time);

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }
}
