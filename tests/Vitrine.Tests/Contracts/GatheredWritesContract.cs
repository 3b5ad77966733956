using Vitrine.Storage;
using Vitrine.Tests.Postgres;
using Vitrine.Tests.Storage;
using Xunit;

namespace Vitrine.Tests.Contracts;

/// <summary>What waits for the writer at the same time is written by one call; statements keep their order and take the blame for themselves.</summary>
public abstract class GatheredWritesContract : StoreContract
{
    private const string InsertSql = "INSERT INTO embedding_spaces (name, dimensions) VALUES (@name, 1)";

    private const string NamesSql = "SELECT name FROM embedding_spaces ORDER BY id";

    [Fact]
    public async Task Write_ManyWhileTheWriterIsBusy_AreWrittenByOneCallInTheirOrder()
    {
        var calls = new List<int>();
        var writes = Gather(calls);
        using var gate = new WriterGate(Stores.Database);
        Task[] waiting = [.. Enumerable.Range(0, 20).Select(name => writes.WriteAsync($"{name:d2}"))];
        gate.Open();

        await Task.WhenAll(waiting);

        Assert.Equal([20], calls);
        Assert.Equal(Enumerable.Range(0, 20).Select(name => $"{name:d2}"), Names());
    }

    [Fact]
    public async Task Write_OneIsWrong_TheOthersAreWritten()
    {
        var writes = Gather([]);
        using var gate = new WriterGate(Stores.Database);
        Task first = writes.WriteAsync("first"), wrong = writes.WriteAsync("wrong"), last = writes.WriteAsync("last");
        gate.Open();

        await Task.WhenAll(first, last);

        await Assert.ThrowsAsync<FormatException>(() => wrong);
        Assert.Equal(["first", "last"], Names());
    }

    [Fact]
    public async Task Write_AfterAnEarlierOneWasTaken_IsWrittenByTheNextCall()
    {
        var calls = new List<int>();
        var writes = Gather(calls);

        await writes.WriteAsync("a");
        await writes.WriteAsync("b");

        Assert.Equal([1, 1], calls);
    }

    [Fact]
    public async Task Write_DatabaseAway_IsToldToEachAndNothingIsWritten()
    {
        var away = true;
        var writes = new GatheredWrites<string>(Stores.Database, (transaction, names) =>
        {
            Insert(transaction, names);
            if (away)
                throw new DatabaseUnavailableException("away");
        });
        using var gate = new WriterGate(Stores.Database);
        Task a = writes.WriteAsync("a"), b = writes.WriteAsync("b");
        gate.Open();

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => a);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => b);
        Assert.Empty(Names());
        away = false;
        await writes.WriteAsync("c");
        Assert.Equal(["c"], Names());
    }

    [Fact]
    public async Task Queue_ThenAQuery_SeesWhatWasQueued() => await Stores.Database.WriteAsync(
        transaction =>
        {
            transaction.Queue(InsertSql, ("@name", "queued"));
            Assert.Equal(["queued"], transaction.Query(NamesSql, row => row.GetString(0)));
            transaction.Queue(InsertSql, ("@name", "again"));
            Assert.Equal(2, transaction.Connection.QueryNumber("SELECT COUNT(*) FROM embedding_spaces"));
            transaction.Queue("DELETE FROM embedding_spaces WHERE name = @name", ("@name", "again"));
            Assert.Equal(["queued"], transaction.Prepare(NamesSql).Query(row => row.GetString(0)));
        },
        WriteUrgency.Urgent,
        Token);

    [Theory]
    [InlineData("the only statement")]
    [InlineData("after a statement that ran")]
    public async Task Queue_StatementThatFails_TakesBackItsOwnWorkAlone(string when)
    {
        using var gate = new WriterGate(Stores.Database);
        var before = QueueAsync("before");
        var wrong = Stores.Database.WriteAsync(
            transaction =>
            {
                if (when != "the only statement")
                    transaction.Query(NamesSql, row => row.GetString(0));
                transaction.Queue(InsertSql, ("@name", "beside the wrong one"));
                transaction.Queue("INSERT INTO embedding_spaces (name, dimensions) VALUES (@name, NULL)", ("@name", "wrong"));
            },
            WriteUrgency.Urgent,
            Token);
        var empty = Stores.Database.WriteAsync(_ => { }, WriteUrgency.Urgent, Token);
        var thrown = Stores.Database.WriteAsync(
            transaction =>
            {
                transaction.Queue(InsertSql, ("@name", "not sent yet"));
                throw new FormatException("a mistake");
            },
            WriteUrgency.Urgent,
            Token);
        var after = QueueAsync("after");
        gate.Open();

        await Task.WhenAll(before, empty, after);

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => wrong);
        await Assert.ThrowsAsync<FormatException>(() => thrown);
        Assert.Equal(["before", "after"], Names());
    }

    [Fact]
    public async Task Together_SeveralOfOneWork_AreWrittenOnceAtItsEnd()
    {
        var written = new List<string>();
        void Write(WriteTransaction transaction, IReadOnlyList<string> names)
        {
            written.Add(string.Join(' ', names));
            Insert(transaction, names);
        }

        await Stores.Database.WriteAsync(
            transaction =>
            {
                transaction.Together(Write, "a");
                transaction.Together(Write, "b");
                Assert.Empty(transaction.Query(NamesSql, row => row.GetString(0)));
            },
            WriteUrgency.Urgent,
            Token);

        Assert.Equal(["a b"], written);
        Assert.Equal(["a", "b"], Names());
    }

    private Task QueueAsync(string name) =>
        Stores.Database.WriteAsync(transaction => transaction.Queue(InsertSql, ("@name", name)), WriteUrgency.Urgent, Token);

    private GatheredWrites<string> Gather(List<int> calls) => new(Stores.Database, (transaction, names) =>
    {
        calls.Add(names.Count);
        Insert(transaction, names);
        if (names.Contains("wrong"))
            throw new FormatException("a mistake");
    });

    private static void Insert(WriteTransaction transaction, IReadOnlyList<string> names)
    {
        foreach (var name in names)
            transaction.Queue(InsertSql, ("@name", name));
    }

    private List<string> Names() => Stores.Database.Read(connection => connection.Query(NamesSql, row => row.GetString(0)));
}

public sealed class SqliteGatheredWritesTests : GatheredWritesContract;

[SharedServerTests]
public sealed class PostgresGatheredWritesTests : GatheredWritesContract
{
    private protected override IStoreSource NewSource() => new PostgresStores();
}
