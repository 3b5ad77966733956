using Npgsql;
using Vitrine.Storage;
using Vitrine.Tests.Postgres;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedPglite))]

namespace Vitrine.Tests.Postgres;

/// <summary>One PGlite for all tests, started by the first that asks. It has one database: one test at a time has it, and finds it empty.</summary>
public sealed class SharedPglite : IAsyncDisposable
{
    private static readonly Lazy<Task<PgliteServer>> s_server = new(PgliteServer.StartAsync);
    private static readonly SemaphoreSlim s_turn = new(1);

    /// <summary>Waits until it is this test's, and empties it; its connection string. To be given back by <see cref="Return"/>.</summary>
    internal static async Task<string> TakeAsync()
    {
        var server = await s_server.Value;
        await s_turn.WaitAsync();
        try
        {
            await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            connection.Execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
            return server.ConnectionString;
        }
        catch
        {
            s_turn.Release();
            throw;
        }
    }

    internal static void Return() => s_turn.Release();

    public async ValueTask DisposeAsync()
    {
        if (s_server.IsValueCreated && s_server.Value.IsCompletedSuccessfully)
            await (await s_server.Value).DisposeAsync();
    }
}
