using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Storage;

public sealed class OpeningTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string FilePath => _folder.File("vitrine.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_NewFile_MakesTheTablesDurably()
    {
        await using var database = Open();

        Assert.Equal(MigrationScripts.Sqlite.Newest, database.Read(connection => connection.QueryNumber("PRAGMA user_version")));
        Assert.Equal("wal", await database.WriteAsync(transaction => transaction.Connection.Query("PRAGMA journal_mode", row => row.GetString(0)).Single(), WriteUrgency.Urgent, TestContext.Current.CancellationToken));
        Assert.Equal(2, await database.WriteAsync(transaction => transaction.Connection.QueryNumber("PRAGMA synchronous"), WriteUrgency.Urgent, TestContext.Current.CancellationToken));
        Assert.Equal(1, await database.WriteAsync(transaction => transaction.Connection.QueryNumber("PRAGMA foreign_keys"), WriteUrgency.Urgent, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Open_NewFile_IsReadByThisUserOnly()
    {
        await using var database = Open();

        if (OperatingSystem.IsWindows())
            return;
        foreach (var file in Directory.GetFiles(_folder.FullPath))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void Apply_DiskFull_TellsThatAndNothingOfATransaction()
    {
        using var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        connection.Open();
        connection.Execute("PRAGMA max_page_count=10");

        Assert.Equal(13, Assert.Throws<SqliteException>(() => SqliteMigrations.Apply(connection)).SqliteErrorCode);
        connection.Close(); // whoever opened it disposes of it, and that must not throw either
        Assert.Contains("full", DatabaseFile.Explain(FilePath, new SqliteException("database or disk is full", 13)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WrittenByTheFirstProgram_IsBroughtUpToDate()
    {
        await using (var old = new SqliteConnection($"Data Source={FilePath};Pooling=False"))
        {
            await old.OpenAsync(TestContext.Current.CancellationToken);
            FirstProgram.Write(old, MigrationScripts.Sqlite, "INSERT INTO progress (id, updated_at) VALUES (1, 0), (2, 0)");
            old.Execute("PRAGMA user_version = 1");
        }

        await using var database = Open();

        FirstProgram.AssertBroughtUpToDate(database);
    }

    [Fact]
    public async Task Open_Again_KeepsWhatIsThere()
    {
        await using (var first = Open())
            await first.WriteAsync(transaction => transaction.Connection.Execute("UPDATE asset_ids SET next = 17"), WriteUrgency.Urgent, TestContext.Current.CancellationToken);

        await using var second = Open();

        Assert.Equal(17, second.Read(connection => connection.QueryNumber("SELECT next FROM asset_ids")));
    }

    [Fact]
    public async Task Dispose_AfterReadsAndWrites_LeavesTheFileAloneWithoutAJournal()
    {
        await using (var database = Open())
        {
            await database.WriteAsync(transaction => transaction.Connection.Execute("UPDATE asset_ids SET next = 17"), WriteUrgency.Urgent, TestContext.Current.CancellationToken);
            Assert.Equal(17, database.Read(connection => connection.QueryNumber("SELECT next FROM asset_ids")));
        }

        Assert.Equal([FilePath], Directory.GetFiles(_folder.FullPath));
    }

    [Fact]
    public async Task Open_WrittenByANewerProgram_SaysSo()
    {
        await using (var database = Open())
            await database.WriteAsync(transaction => transaction.Connection.Execute("PRAGMA user_version=4711"), WriteUrgency.Urgent, TestContext.Current.CancellationToken);

        var refused = Assert.Throws<DatabaseUnavailableException>(Open);

        Assert.Contains("version 4711", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"up to {MigrationScripts.Sqlite.Newest}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("newer program", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileThatIsNoDatabase_SaysSoAndLeavesItAlone()
    {
        var text = string.Concat(Enumerable.Repeat("this is no database. ", 1000));
        File.WriteAllText(FilePath, text);

        var refused = Assert.Throws<DatabaseUnavailableException>(Open);

        Assert.Contains(FilePath, refused.Message, StringComparison.Ordinal);
        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(FilePath));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.01)]
    [InlineData(0.001)]
    public async Task Open_TruncatedDatabase_SaysSoAndLeavesItAlone(double part)
    {
        await Open().DisposeAsync();
        using (var file = File.OpenWrite(FilePath))
            file.SetLength((long)(file.Length * part));
        var before = File.ReadAllBytes(FilePath);

        var refused = Assert.Throws<DatabaseUnavailableException>(Open);

        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
        Assert.Contains("vitrine restore", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public async Task Open_EveryPageDamagedInTurn_IsRefusedEachTimeAndLeavesItAlone()
    {
        await Open().DisposeAsync();
        var whole = File.ReadAllBytes(FilePath);
        for (var page = 0; page < whole.Length / 8192; page++)
        {
            var damaged = (byte[])whole.Clone();
            damaged.AsSpan(page * 8192, 4000).Fill(0x5A);
            File.WriteAllBytes(FilePath, damaged);

            Assert.Contains("damaged", Assert.Throws<DatabaseUnavailableException>(Open).Message, StringComparison.Ordinal);
            Assert.Equal(damaged, File.ReadAllBytes(FilePath));
        }
    }

    [Fact]
    public void Open_PathIsAFolder_SaysThatItCannotBeOpened()
    {
        Directory.CreateDirectory(FilePath);

        Assert.Contains("cannot be opened", Assert.Throws<DatabaseUnavailableException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderIsMissing_SaysWhichFile()
    {
        var missing = Path.Join(_folder.FullPath, "missing", "vitrine.db");

        var refused = Assert.Throws<DatabaseUnavailableException>(() => SqliteDatabase.Open(missing, NullLogger.Instance));

        Assert.Contains(missing, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_FileTakenAwayWhileOpen_IsUnavailable()
    {
        await using var database = Open();
        Directory.Delete(_folder.FullPath, recursive: true);

        Assert.Throws<DatabaseUnavailableException>(() => database.Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM embedding_spaces")));
        Directory.CreateDirectory(_folder.FullPath);
    }

    private SqliteDatabase Open() => SqliteDatabase.Open(FilePath, NullLogger.Instance);
}
