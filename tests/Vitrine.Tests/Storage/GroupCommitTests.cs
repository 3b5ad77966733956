using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Storage;

public sealed class GroupCommitTests : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SqliteDatabase _database;

    public GroupCommitTests()
    {
        _database = SqliteDatabase.Open(_folder.File("vitrine.db"), NullLogger.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Write_ThatThrows_IsRolledBackAlone()
    {
        using var gate = new WriterGate(_database);
        var first = Save("first");
        var broken = _database.WriteAsync(
            transaction =>
            {
                Insert(transaction, "broken");
                throw new FormatException("a mistake of this work");
            },
            WriteUrgency.Urgent,
            Token);
        var wrong = _database.WriteAsync(transaction => transaction.Connection.Execute("INSERT INTO nowhere VALUES (1)"), WriteUrgency.Urgent, Token);
        var last = Save("last");
        gate.Open();

        await Task.WhenAll(first, last);
        await Assert.ThrowsAsync<FormatException>(() => broken);
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => wrong);
        Assert.Equal(["first", "last"], Saved());
    }

    [Fact]
    public async Task Write_UrgentWhileBulkWaits_GoesFirstAndOneBulkPerCommit()
    {
        using var gate = new WriterGate(_database);
        var order = new List<string>();
        Task[] writes =
        [
            Order(order, "bulk 1", WriteUrgency.Bulk),
            Order(order, "bulk 2", WriteUrgency.Bulk),
            Order(order, "urgent 1", WriteUrgency.Urgent),
            Order(order, "urgent 2", WriteUrgency.Urgent),
        ];
        gate.Open();

        await Task.WhenAll(writes);
        Assert.Equal(["urgent 1", "urgent 2", "bulk 1", "committed", "bulk 2", "committed"], order);
    }

    [Fact]
    public async Task AfterCommit_SeveralWrites_RunsInCommitOrderWhenDurableAndBeforeTheCallerGoesOn()
    {
        using var gate = new WriterGate(_database);
        var order = new List<string>();
        var writes = Enumerable.Range(0, 20).Select(index => _database.WriteAsync(
            transaction =>
            {
                Insert(transaction, $"{index}");
                transaction.AfterCommit(() => order.Add($"{index}, saved: {Saved().Count}"));
                transaction.AfterCommit(() => throw new InvalidOperationException("a listener's mistake"));
            },
            WriteUrgency.Urgent,
            Token)).ToList();
        gate.Open();

        await writes[^1];
        Assert.Equal(Enumerable.Range(0, 20).Select(index => $"{index}, saved: 20"), order);
        await Task.WhenAll(writes);
    }

    [Fact]
    public async Task AfterCommit_WorkThrows_NeverRuns()
    {
        var ran = false;
        var write = _database.WriteAsync(
            transaction =>
            {
                transaction.AfterCommit(() => ran = true);
                throw new FormatException("a mistake");
            },
            WriteUrgency.Urgent,
            Token);

        await Assert.ThrowsAsync<FormatException>(() => write);
        await Save("next");
        Assert.False(ran);
    }

    [Fact]
    public async Task Write_CancelledBeforeItsTurn_IsWithdrawn()
    {
        using var gate = new WriterGate(_database);
        using var cancelled = new CancellationTokenSource();
        var write = _database.WriteAsync(transaction => Insert(transaction, "withdrawn"), WriteUrgency.Urgent, cancelled.Token);
        await cancelled.CancelAsync();
        var kept = Save("kept");
        gate.Open();

        await kept;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _database.WriteAsync(_ => 1, WriteUrgency.Urgent, cancelled.Token));
        Assert.Equal(["kept"], Saved());
    }

    [Fact]
    public async Task Write_CommitFails_IsReportedToAllAndLaterWritesWork()
    {
        using var gate = new WriterGate(_database);
        var announced = false;
        // A deferred foreign key is checked by the commit itself: a row of a folder that no library has.
        var broken = _database.WriteAsync(
            transaction =>
            {
                transaction.Connection.Execute("PRAGMA defer_foreign_keys=ON");
                transaction.Connection.Execute("INSERT INTO folders (library_id, path) VALUES (4711, '')");
                transaction.AfterCommit(() => announced = true);
            },
            WriteUrgency.Urgent,
            Token);
        var innocent = Save("innocent");
        gate.Open();

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => broken);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => innocent);
        Assert.False(announced);
        await Save("later");
        Assert.Equal(["later"], Saved());
    }

    [Fact]
    public async Task Write_DiskFull_IsUnavailableUntilThereIsRoomAgain()
    {
        await Save("before");
        var pages = _database.Read(connection => connection.QueryNumber("PRAGMA page_count"));
        await _database.WriteAsync(transaction => transaction.Connection.QueryNumber($"PRAGMA max_page_count={pages + 2}"), WriteUrgency.Urgent, Token);

        var refused = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => Save(new string('x', 1_000_000)));
        await Save("small");
        await _database.WriteAsync(transaction => transaction.Connection.QueryNumber("PRAGMA max_page_count=1000000"), WriteUrgency.Urgent, Token);
        await Save(new string('y', 1_000_000));

        Assert.Contains("full", refused.Message, StringComparison.Ordinal);
        Assert.Equal([6, 5, 1_000_000], Saved().Select(name => name.Length));
    }

    [Fact]
    public async Task Write_DatabaseHeldByAnotherProgram_WaitsForIt()
    {
        await using var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.File("vitrine.db")};Pooling=False");
        await other.OpenAsync(Token);
        other.Execute("BEGIN IMMEDIATE");
        var write = Save("patient");
        Assert.Empty(Saved());
        other.Execute("ROLLBACK");

        await write;
        Assert.Equal(["patient"], Saved());
    }

    [Fact]
    public async Task Dispose_WritesWaiting_FinishesThemAll()
    {
        using var gate = new WriterGate(_database);
        var writes = Enumerable.Range(0, 50).Select(index => Save($"{index}", index % 2 == 0 ? WriteUrgency.Bulk : WriteUrgency.Urgent)).ToList();
        var disposal = _database.DisposeAsync();
        gate.Open();

        await disposal;
        await Task.WhenAll(writes);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Save("late"));
        await using var again = SqliteDatabase.Open(_folder.File("vitrine.db"), NullLogger.Instance);
        Assert.Equal(50, again.Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM embedding_spaces")));
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Read_WhileAWriteIsOpen_SeesTheCommittedAndDoesNotWait()
    {
        await Save("committed");
        var seen = new List<string>();

        await _database.WriteAsync(
            transaction =>
            {
                Insert(transaction, "open");
                seen.AddRange(Saved());
            },
            WriteUrgency.Urgent,
            Token);

        Assert.Equal(["committed"], seen);
    }

    [Fact]
    public void Read_WrongOrWritingStatement_ThrowsAndTheNextReadWorks()
    {
        Assert.Throws<DatabaseUnavailableException>(() => _database.Read(connection => connection.Execute("DELETE FROM embedding_spaces")));
        Assert.Empty(Saved());
    }

    private Task Save(string name, WriteUrgency urgency = WriteUrgency.Urgent) =>
        _database.WriteAsync(transaction => Insert(transaction, name), urgency, Token);

    private Task Order(List<string> order, string name, WriteUrgency urgency) => _database.WriteAsync(
        transaction =>
        {
            order.Add(name);
            if (urgency == WriteUrgency.Bulk)
                transaction.AfterCommit(() => order.Add("committed"));
        },
        urgency,
        Token);

    private List<string> Saved() => _database.Read(connection => connection.Query("SELECT name FROM embedding_spaces ORDER BY rowid", row => row.GetString(0)));

    private static void Insert(WriteTransaction transaction, string name) =>
        transaction.Prepare("INSERT INTO embedding_spaces (name, dimensions) VALUES (@name, 1)").Set("@name", name).ExecuteNonQuery();
}
