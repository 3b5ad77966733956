namespace Vitrine.Tests.Postgres;

/// <summary>A database of one test on a shared server, gone after it.</summary>
internal sealed class PostgresTestDatabase(PostgresServer server, string name) : IAsyncDisposable
{
    public PostgresServer Server => server;

    public string ConnectionString => server.ConnectionString(name);

    public async ValueTask DisposeAsync() => await server.DropAsync(name);
}
