using Npgsql;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Postgres;
using Vitrine.Transfer;
using Xunit;

namespace Vitrine.Tests.Transfer;

/// <summary>A data folder and an empty PostgreSQL database of one test.</summary>
[SharedServerTests]
public abstract class TransferTest : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private PostgresTestDatabase _test = null!;

    private protected string Data => _folder.File("data");

    private protected PostgresTestDatabase Test => _test;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _test = await SharedPostgres.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _test.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Moves every library of the data folder; batches are small, so that there are some.</summary>
    private protected async Task<IReadOnlyList<TransferredLibrary>> MoveAsync(Action<TransferProgress>? report = null, int batch = 30, string? data = null)
    {
        using var source = TransferSource.Open(data ?? Data);
        await using var target = TransferTarget.Open(_test.ConnectionString + ";Pooling=false");
        var transfer = new LibraryTransfer(source, target, TimeProvider.System, report ?? (_ => { }), batch);
        var moved = new List<TransferredLibrary>();
        foreach (var library in source.Libraries())
            moved.Add(await transfer.RunAsync(library, Token));
        return moved;
    }

    private protected long Query(string sql)
    {
        using var connection = Connect();
        return connection.QueryNumber(sql);
    }

    private protected void Execute(string sql)
    {
        using var connection = Connect();
        connection.Execute(sql);
    }

    private protected NpgsqlConnection Connect()
    {
        var connection = new NpgsqlConnection(_test.ConnectionString + ";Pooling=false");
        connection.Open();
        return connection;
    }

    /// <summary>Every row exactly once, and nothing of a move that did not end.</summary>
    private protected void AssertArrived(int assets, int libraries = 1)
    {
        Assert.Equal(libraries, Query("SELECT COUNT(*) FROM libraries"));
        Assert.Equal(assets, Query("SELECT COUNT(*) FROM assets"));
        Assert.Equal(0, Query("SELECT COUNT(*) FROM assets WHERE library_id NOT IN (SELECT id FROM libraries) OR claim_owner IS NOT NULL"));
        Assert.Equal(assets, Query("SELECT SUM(pending + indexed + embedding + ready + failed) FROM progress WHERE id IN (SELECT id FROM libraries)"));
        Assert.Equal(assets, Query("SELECT SUM(pending + indexed + embedding + ready + failed) FROM progress WHERE id IN (SELECT id FROM task_groups)"));
        Assert.Equal(0, Query("SELECT COUNT(*) FROM tags t WHERE assets <> (SELECT COUNT(DISTINCT asset_id) FROM asset_tags x WHERE x.tag_id = t.id)"));
        Assert.Equal(0, Query("SELECT COUNT(*) FROM transfers WHERE finished_at IS NULL"));
    }
}
