using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Tests.Storage;

/// <summary>A database whose file is taken away, exchanged or damaged while it is open, and one whose disk is full.</summary>
public sealed class DatabaseGuardTests : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly KeptLog _log = new();
    private readonly Outages _outages;
    private SqliteDatabase _database;

    public DatabaseGuardTests()
    {
        _outages = new Outages(_time, _log);
        _database = Open();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string FilePath => _folder.File("vitrine.db");

    private string Aside => _folder.File("aside.db");

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("gone", "is gone: it was deleted or moved away")]
    [InlineData("exchanged", "Another file has taken the place of the database file")]
    [InlineData("journal gone", "vitrine.db-wal is gone")]
    public async Task Write_FileTakenAwayOrExchanged_IsRefusedUntilTheSameFileIsBack(string what, string said)
    {
        if (!FileFacts.TellsFilesApart)
            return;
        await SaveAsync("before");
        Assert.Equal(["before"], Saved());
        var file = what == "journal gone" ? FilePath + "-wal" : FilePath;
        File.Move(file, Aside);
        if (what == "exchanged")
            File.Copy(Aside, file);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            var refused = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => SaveAsync("lost"));
            Assert.Contains(said, refused.Message, StringComparison.Ordinal);
            Assert.Contains("Put the file back", refused.Message, StringComparison.Ordinal);
            Assert.Contains("vitrine restore", refused.Message, StringComparison.Ordinal);
            Assert.True(refused.IsTold);
        }

        Assert.Equal(["before"], Saved()); // what is open can be read on
        // Opened once more, it would be another file.
        Assert.Throws<DatabaseUnavailableException>(() => _database.Read(_ => _database.Read(second => second.QueryNumber("SELECT 1"))));
        Assert.Equal(OutageKind.DatabaseFile, Assert.Single(_outages.Current).Kind);

        File.Move(Aside, file, overwrite: true);
        await SaveAsync("after");
        Assert.Equal(["before", "after"], Saved());
        Assert.Empty(_outages.Current);
        Assert.Single(_log.Warnings);
        Assert.Empty(_log.Errors);
        Assert.Single(_log.All, line => line.Contains("The database's file is back: work goes on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_FileTakenAway_IsNoticedWithinASecondByAServerThatOnlyReads()
    {
        if (!FileFacts.TellsFilesApart)
            return;
        await SaveAsync("before");
        Assert.Equal(["before"], Saved());
        File.Move(FilePath, Aside);
        Assert.Equal(["before"], Saved());
        Assert.Empty(_outages.Current); // not at each read

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["before"], Saved());

        Assert.Equal(OutageKind.DatabaseFile, Assert.Single(_outages.Current).Kind);
        File.Move(Aside, FilePath);
        _time.Advance(TimeSpan.FromSeconds(1));
        Saved();
        Assert.Empty(_outages.Current);
    }

    [Fact]
    public async Task Read_DamagedPages_LetNothingMoreBeWrittenUntilTheNextStart()
    {
        await SaveAsync("before");
        await _database.DisposeAsync(); // takes the journal into the file
        _database = Open();
        using (var file = new FileStream(FilePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 8192;
            file.Write([.. Enumerable.Repeat((byte)0x5A, (int)(file.Length - 8192))]);
        }

        Assert.Contains("damaged", Assert.Throws<DatabaseUnavailableException>(Saved).Message, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => SaveAsync("into the damage"));

        Assert.Contains("vitrine restore", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Until Vitrine is started again nothing more is saved", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(_outages.FindOrNull(OutageKind.DatabaseDamage));
        Assert.Single(_log.Warnings);
    }

    [Fact]
    public async Task Write_DiskFull_IsOneLineUntilThereIsRoom()
    {
        var pages = _database.Read(connection => connection.QueryNumber("PRAGMA page_count"));
        await _database.WriteAsync(transaction => transaction.Connection.QueryNumber($"PRAGMA max_page_count={pages + 2}"), WriteUrgency.Urgent, Token);
        for (var attempt = 0; attempt < 3; attempt++)
            Assert.True((await Assert.ThrowsAsync<DatabaseUnavailableException>(() => SaveAsync(new string('x', 1_000_000)))).IsTold);

        Assert.StartsWith($"The disk of the data folder {_folder.FullPath} is full", Assert.Single(_outages.Current).Reason, StringComparison.Ordinal);
        await _database.WriteAsync(transaction => transaction.Connection.QueryNumber("PRAGMA max_page_count=1000000"), WriteUrgency.Urgent, Token);
        await SaveAsync(new string('y', 1_000_000));

        Assert.Empty(_outages.Current);
        Assert.Single(_log.Warnings, line => line.Contains("is full", StringComparison.Ordinal));
        Assert.Empty(_log.Errors);
    }

    private SqliteDatabase Open() => SqliteDatabase.Open(FilePath, _log, _outages, _time);

    private Task SaveAsync(string name) => _database.WriteAsync(
        transaction => transaction.Connection.Execute("INSERT INTO embedding_spaces (name, dimensions) VALUES (@name, 1)", ("@name", name)), WriteUrgency.Urgent, Token);

    private List<string> Saved() => _database.Read(connection => connection.Query("SELECT name FROM embedding_spaces ORDER BY rowid", row => row.GetString(0)));
}
