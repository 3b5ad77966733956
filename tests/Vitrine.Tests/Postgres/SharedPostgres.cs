using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Storage;
using Vitrine.Tests.Postgres;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace Vitrine.Tests.Postgres;

/// <summary>One server for all tests, started by the first that asks; each test has a database of its own, copied from a migrated one.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private const string Template = "vitrine_template";

    private static readonly Lazy<Task<PostgresServer>> s_server = new(StartAsync);

    /// <summary>A migrated database without rows; its connection string.</summary>
    internal static async Task<PostgresTestDatabase> CreateAsync()
    {
        var server = await s_server.Value;
        var name = $"test_{Guid.CreateVersion7():n}";
        await server.CreateAsync(name, Template);
        return new PostgresTestDatabase(server, name);
    }

    public async ValueTask DisposeAsync()
    {
        if (s_server.IsValueCreated && s_server.Value.IsCompletedSuccessfully)
            await (await s_server.Value).DisposeAsync();
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var server = await PostgresServer.StartAsync();
        await server.CreateAsync(Template);
        await using (PostgresDatabase.Open(server.ConnectionString(Template) + ";Pooling=false", NullLogger.Instance))
        {
            // opened once, so that its tables are there
        }

        return server;
    }
}
