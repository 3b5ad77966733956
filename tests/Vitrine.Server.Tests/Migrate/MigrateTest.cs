using System.Text.Json;
using Npgsql;
using Vitrine.Server.Tests.Cli;
using Vitrine.Tests.Indexing;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Server.Tests.Migrate;

/// <summary>The program itself, a data folder and a PostgreSQL database of one test.</summary>
public abstract class MigrateTest : IAsyncLifetime
{
    private PostgresTestDatabase? _database;

    private protected TemporaryFolder Folder { get; } = new("vitrine-migrate-");

    private protected string Data => Path.Join(Folder.Path, "data");

    private protected PostgresTestDatabase Database => _database!;

    private protected string Connection => _database!.ConnectionString;

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await SharedPostgres.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        NpgsqlConnection.ClearAllPools();
        if (_database is not null)
            await _database.DisposeAsync();
        Folder.Dispose();
    }

    private protected Task<CliResult> MigrateAsync(params string[] more) => CliProgram.RunAsync(["migrate", "--to", Connection, "--data", Data, .. more]);

    /// <summary>Moves everything; the document.</summary>
    private protected async Task<JsonElement> MigratedAsync(params string[] more)
    {
        var result = await MigrateAsync([.. more, "--json"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Json;
    }

    private protected async Task<long> QueryAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Cancelled));
    }

    private protected async Task ExecuteAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private protected async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(Connection + ";Pooling=false");
        await connection.OpenAsync(Cancelled);
        return connection;
    }

    /// <summary>Asks until it is so; the time limit only ends a test that hangs.</summary>
    private protected Task UntilAsync(string sql, Func<long, bool> reached) =>
        Patience.UntilAsync(async () => reached(await QueryAsync(sql)), () => Task.FromResult(sql));
}
