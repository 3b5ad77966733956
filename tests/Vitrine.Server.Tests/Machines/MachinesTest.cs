using Npgsql;
using Vitrine.Server.Tests.Faults;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Server.Tests.Machines;

/// <summary>A database on a real PostgreSQL, a folder of pictures, and what must hold of the rows in the end.</summary>
public abstract class MachinesTest : IAsyncLifetime
{
    private PostgresTestDatabase? _database;

    private protected TemporaryFolder Data { get; } = new("vitrine-data-");

    private protected SamplePictures Pictures { get; } = new();

    private protected string Connection => _database!.ConnectionString;

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await CreateDatabaseAsync();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        NpgsqlConnection.ClearAllPools();
        if (_database is not null)
            await _database.DisposeAsync();
        Pictures.Dispose();
        Data.Dispose();
    }

    /// <summary>A database of the server that all tests share, unless a test does something to the server.</summary>
    private protected virtual Task<PostgresTestDatabase> CreateDatabaseAsync() => SharedPostgres.CreateAsync();

    private protected void MakePictures(int count)
    {
        for (var i = 0; i < count; i++)
            Pictures.Jpeg($"{i}.jpg", 300, 200, seed: i);
    }

    /// <summary>A server that does not work takes the pictures in; it is left when they are all rows.</summary>
    private protected async Task TakeInAsync(int count, string? folder = null)
    {
        await using var server = await VitrineProcess.StartSharedAsync(Data.Path, Connection, "--no-work");
        await server.AddAsync(folder ?? Pictures.Folder);
        await UntilAsync($"SELECT COUNT(*) FROM assets a JOIN task_groups g ON g.id = a.task_group_id WHERE NOT g.scanning", found => found == count);
        Assert.Equal(0, await server.TerminateAsync());
    }

    private protected Task ReadyAsync(int count) => UntilAsync("SELECT COUNT(*) FROM assets WHERE status = 3 AND claim_owner IS NULL", ready => ready == count);

    /// <summary>Asks until it is so; the time limit only ends a test that hangs.</summary>
    private protected async Task<long> UntilAsync(string sql, Func<long, bool> reached)
    {
        long seen = 0;
        await Patience.UntilAsync(async () => reached(seen = await QueryAsync(sql)), async () => $"{sql}: still {seen}. {await StandAsync()}");
        return seen;
    }

    /// <summary>Where what is not ready stands, and who works: for a test that hangs.</summary>
    private async Task<string> StandAsync()
    {
        await using var connection = new NpgsqlConnection(Connection);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(
            """
            SELECT 'workers: ' || COALESCE((SELECT string_agg(id || ' until ' || to_timestamp(lease_until / 1e6), ', ') FROM workers), 'none') || '; now ' || now() || '; assets: '
                || COALESCE((SELECT string_agg(name || ' status ' || status || ' owner ' || COALESCE(claim_owner, 0) || ' attempts ' || attempts || ' not before '
                    || to_timestamp(not_before / 1e6) || ' group ' || task_group_id, ', ') FROM assets WHERE status <> 3), 'all ready')
                || '; groups: ' || (SELECT string_agg(p.id || ': ' || p.pending || ' ' || p.indexed || ' ' || p.embedding || ' ' || p.ready, ', ') FROM progress p)
            """,
            connection);
        return (string)(await command.ExecuteScalarAsync(CancellationToken.None))!;
    }

    private protected async Task<long> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Connection);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancelled) is { } number and not DBNull ? Convert.ToInt64(number) : 0; // the sum of no rows
    }

    /// <summary>Every file exactly one row, ready, with one vector; every counter equal to its rows; nothing claimed.</summary>
    private protected async Task AssertWholeAsync(int files)
    {
        Assert.Equal(files, await QueryAsync("SELECT COUNT(*) FROM assets"));
        Assert.Equal(files, await QueryAsync("SELECT COUNT(*) FROM (SELECT DISTINCT folder_id, name FROM assets) x"));
        Assert.Equal(files, await QueryAsync("SELECT COUNT(*) FROM assets WHERE status = 3 AND claim_owner IS NULL AND attempts = 0"));
        Assert.Equal(files, await QueryAsync("SELECT COUNT(*) FROM embeddings"));
        Assert.Equal(files, await QueryAsync("SELECT ready FROM progress p JOIN libraries l ON l.id = p.id"));
        Assert.Equal(files, await QueryAsync("SELECT SUM(p.ready) FROM progress p JOIN task_groups g ON g.id = p.id"));
        Assert.Equal(0, await QueryAsync("SELECT SUM(pending + indexed + embedding + failed) FROM progress"));
        Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM failures"));
    }
}
