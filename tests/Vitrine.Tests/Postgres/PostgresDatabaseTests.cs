using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vitrine.Storage;
using Vitrine.Tests.Storage;
using Xunit;

namespace Vitrine.Tests.Postgres;

[SharedServerTests]
public sealed class PostgresDatabaseTests : IAsyncLifetime
{
    private PostgresTestDatabase _test = null!;
    private readonly Outages _outages = new(TimeProvider.System, NullLogger.Instance);
    private PostgresDatabase _database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _test = await SharedPostgres.CreateAsync();
        _database = Open();
        await _database.WriteAsync(transaction => transaction.Connection.Execute("CREATE TABLE notes (id BIGINT GENERATED ALWAYS AS IDENTITY, text TEXT UNIQUE)"), WriteUrgency.Urgent, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _test.DisposeAsync();
    }

    [Fact]
    public async Task Write_ThatThrowsOrIsWrong_IsRolledBackAlone()
    {
        using var gate = new WriterGate(_database);
        var first = Note("first");
        var broken = _database.WriteAsync(
            transaction =>
            {
                Insert(transaction, "broken");
                throw new FormatException("a mistake of this work");
            },
            WriteUrgency.Urgent,
            Token);
        var wrong = _database.WriteAsync(transaction => transaction.Connection.Execute("INSERT INTO nowhere VALUES (1)"), WriteUrgency.Urgent, Token);
        var last = Note("last");
        gate.Open();

        await Task.WhenAll(first, last);
        await Assert.ThrowsAsync<FormatException>(() => broken);
        await Assert.ThrowsAsync<PostgresException>(() => wrong);
        Assert.Equal(["first", "last"], Notes());
    }

    [Fact]
    public async Task AfterCommit_SeveralWrites_RunInOrderWhenDurable()
    {
        using var gate = new WriterGate(_database);
        var order = new List<string>();
        var writes = Enumerable.Range(0, 5).Select(index => _database.WriteAsync(
            transaction =>
            {
                Insert(transaction, $"{index}");
                transaction.AfterCommit(() => order.Add($"{index}, saved: {Notes().Count}"));
            },
            WriteUrgency.Urgent,
            Token)).ToList();
        gate.Open();

        await Task.WhenAll(writes);
        Assert.Equal(Enumerable.Range(0, 5).Select(index => $"{index}, saved: 5"), order);
    }

    [Fact]
    public async Task Write_ConnectionCutBetweenWrites_TheNextOneWorksAgain()
    {
        await Note("before");
        await CutConnectionsAsync();

        await UntilWrittenAsync("after");
        Assert.Equal(["before", "after"], Notes());
    }

    [Fact]
    public async Task Write_ConnectionCutInside_IsUnavailableAndNothingIsIn()
    {
        var cut = _database.WriteAsync(
            transaction =>
            {
                Insert(transaction, "lost");
                CutOthers(transaction.Connection.QueryNumber("SELECT pg_backend_pid()"));
                Insert(transaction, "never");
            },
            WriteUrgency.Urgent,
            Token);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => cut);
        Assert.Equal(OutageKind.DatabaseWriting, Assert.Single(_outages.Current).Kind);
        await UntilWrittenAsync("after");
        Assert.Equal(["after"], Notes());
        Assert.Empty(_outages.Current);
    }

    [Fact]
    public async Task Open_ManyAtOnceOnAnEmptyDatabase_MigrateOnce()
    {
        var name = $"empty_{Guid.CreateVersion7():n}";
        await _test.Server.CreateAsync(name);
        try
        {
            var opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(
                () => PostgresDatabase.Open(_test.Server.ConnectionString(name), NullLogger.Instance), Token)));

            Assert.Equal(1, opened[0].Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM schema_version WHERE version = 1")));
            foreach (var database in opened)
                await database.DisposeAsync();
        }
        finally
        {
            await _test.Server.DropAsync(name);
        }
    }

    [Fact]
    public async Task Open_WrittenByTheFirstProgram_IsBroughtUpToDate()
    {
        var name = $"old_{Guid.CreateVersion7():n}";
        await _test.Server.CreateAsync(name);
        try
        {
            await using (var old = new NpgsqlConnection(_test.Server.ConnectionString(name) + ";Pooling=false"))
            {
                await old.OpenAsync(Token);
                FirstProgram.Write(old, MigrationScripts.Postgres, "INSERT INTO progress_scopes DEFAULT VALUES; INSERT INTO progress_scopes DEFAULT VALUES");
                old.Execute("CREATE TABLE schema_version (version INTEGER NOT NULL); INSERT INTO schema_version (version) VALUES (1)");
            }

            await using var database = PostgresDatabase.Open(_test.Server.ConnectionString(name), NullLogger.Instance);

            FirstProgram.AssertBroughtUpToDate(database);
        }
        finally
        {
            await _test.Server.DropAsync(name);
        }
    }

    [Fact]
    public async Task Open_DatabaseOfANewerProgram_IsRefusedWithBothVersions()
    {
        await _database.WriteAsync(transaction => transaction.Connection.Execute("INSERT INTO schema_version (version) VALUES (4711)"), WriteUrgency.Urgent, Token);

        var refused = Assert.Throws<DatabaseUnavailableException>(Open);

        Assert.Contains("version 4711", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"up to {MigrationScripts.Postgres.Newest}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NobodyListens_SaysWhereAndHidesThePassword()
    {
        var refused = Assert.Throws<DatabaseUnavailableException>(
            () => PostgresDatabase.Open("Host=127.0.0.1;Port=1;Database=pictures;Username=me;Password=secret;Timeout=2", NullLogger.Instance));

        Assert.Contains("pictures on 127.0.0.1", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Scripts_OfBothDatabases_AreTheSameNumber() =>
        Assert.Equal(MigrationScripts.Sqlite.Newest, MigrationScripts.Postgres.Newest);

    private PostgresDatabase Open() => PostgresDatabase.Open(_test.ConnectionString, NullLogger.Instance, _outages);

    private Task Note(string text) => _database.WriteAsync(transaction => Insert(transaction, text), WriteUrgency.Urgent, Token);

    /// <summary>The first write after a cut may still meet the dead connection.</summary>
    private async Task UntilWrittenAsync(string text)
    {
        while (true)
        {
            try
            {
                await Note(text);
                return;
            }
            catch (DatabaseUnavailableException) when (!Token.IsCancellationRequested)
            {
                // the connection was the dead one
            }
        }
    }

    private List<string> Notes()
    {
        while (true)
        {
            try
            {
                return _database.Read(connection => connection.Query("SELECT text FROM notes ORDER BY id", row => row.GetString(0)));
            }
            catch (DatabaseUnavailableException) when (!Token.IsCancellationRequested)
            {
                // a pooled connection was cut
            }
        }
    }

    private static void Insert(WriteTransaction transaction, string text) =>
        transaction.Prepare("INSERT INTO notes (text) VALUES (@text)").Set("@text", text).ExecuteNonQuery();

    private async Task CutConnectionsAsync()
    {
        await using var other = new NpgsqlConnection(_test.ConnectionString + ";Pooling=false");
        await other.OpenAsync(Token);
        other.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }

    private void CutOthers(long backend)
    {
        using var other = new NpgsqlConnection(_test.ConnectionString + ";Pooling=false");
        other.Open();
        other.Execute("SELECT pg_terminate_backend(@backend)", ("@backend", (int)backend));
    }
}
