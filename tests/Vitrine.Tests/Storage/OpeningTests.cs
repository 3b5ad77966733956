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
            old.Execute(MigrationScripts.Sqlite.After(0).First().Sql);
            old.Execute(
                """
                PRAGMA user_version = 1;
                PRAGMA foreign_keys = OFF;
                INSERT INTO folders (id, library_id, path) VALUES (1, 1, ''), (2, 1, 'scans'), (3, 1, 'mac');
                INSERT INTO assets (id, library_id, folder_id, task_group_id, name, kind, size, modified_at, added_at, status, captured_at)
                    VALUES (1, 1, 1, 1, 'photo.jpg', 0, 10, 20, 30, 3, 40), (2, 1, 2, 1, 'scan.png', 0, 10, 20, 30, 3, NULL),
                        (3, 1, 3, 1, 'tagged.png', 0, 10, 20, 30, 3, NULL), (4, 1, 2, 1, 'typed.png', 0, 10, 20, 30, 3, NULL);
                INSERT INTO tags (id, folded, name) VALUES (1, 'ca' || char(771) || 'o', 'Ca' || char(771) || 'o'), (2, 'c' || char(227) || 'o', 'C' || char(227) || 'o');
                INSERT INTO asset_tags (asset_id, tag_id, source) VALUES (3, 1, 1), (4, 1, 0), (2, 2, 1);
                INSERT INTO asset_details (asset_id, md5, title) VALUES (1, x'00', 'Beach');
                INSERT INTO failures (asset_id, library_id, stage, reason, reason_group, attempts, failed_at) VALUES
                    (1, 1, 0, 'truncated: premature end at 17', 'truncated: premature end at …', 1, 50), (2, 1, 0, 'empty file', 'empty file', 1, 50),
                    (3, 1, 0, 'not an image: text', 'not an image: text', 1, 50), (4, 1, 0, 'timed out: no answer', 'timed out: no answer', 1, 50), (5, 1, 0, 'bad luck', 'bad luck', 1, 50);
                """);
        }

        await using var database = Open();

        // What was read of a camera's clock is read again: it was kept in UTC; so is a keyword that was kept decomposed.
        Assert.Equal(["photo.jpg -1 1", "scan.png 0 0", "tagged.png -1 1", "typed.png 0 0"], database.Read(connection => connection.Query(
            "SELECT a.name, a.sidecar_at, f.sidecars FROM assets a JOIN folders f ON f.id = a.folder_id ORDER BY a.id", row => $"{row.GetString(0)} {row.GetInt64(1)} {row.GetInt64(2)}")));
        // Reasons are in the words of now.
        Assert.Equal(
            ["cut off: premature end at 17 cut_off", "empty empty", "not a picture: text not_a_picture", "took too long: no answer took_too_long", "bad luck unexpected"],
            database.Read(connection => connection.Query("SELECT reason, class FROM failures ORDER BY asset_id", row => $"{row.GetString(0)} {row.GetString(1)}")));
        Assert.Equal("Beach", database.Read(connection => connection.Query("SELECT title, warning, captured_offset FROM asset_details", row => row.GetString(0)).Single()));
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
