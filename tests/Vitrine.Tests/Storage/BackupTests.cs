using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Tests.Storage;

public sealed class BackupTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly TestFolder _folder = new();

    private string Data => _folder.File("data");

    private string DatabasePath => Path.Join(Data, "vitrine.db");

    private string Backup => _folder.File("backup.db");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_WhileTransactionsAreWritten_IsTheStateBetweenTwoOfThem()
    {
        await using var database = Open();
        await database.WriteAsync(transaction => transaction.Connection.Execute("CREATE TABLE pairs (a INTEGER, b INTEGER)"), WriteUrgency.Urgent, Token);
        using var stop = new CancellationTokenSource();
        var written = new TaskCompletionSource();
        var writing = Task.Run(() => WritePairsAsync(database, written, stop.Token), Token);
        await written.Task;

        DatabaseBackup.Write(Data, Backup, overwrite: false);
        await stop.CancelAsync();
        await writing;

        using var copy = DatabaseFile.OpenToRead(Backup);
        Assert.True(copy.QueryNumber("SELECT COUNT(*) FROM pairs") > 0);
        Assert.Equal(0, copy.QueryNumber("SELECT COUNT(*) FROM pairs WHERE b IS NULL OR a <> b"));
        Assert.Equal(["backup.db", "data"], Directory.EnumerateFileSystemEntries(_folder.FullPath).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Write_FileIsThere_IsRefusedUnlessAskedFor()
    {
        await Open().DisposeAsync();
        File.WriteAllText(Backup, "precious");

        Assert.Contains("--overwrite", Assert.Throws<IOException>(() => DatabaseBackup.Write(Data, Backup, overwrite: false)).Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(Backup));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Backup, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        DatabaseBackup.Write(Data, Backup, overwrite: true);
        DatabaseFile.CheckCopy(Backup);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup)); // all that the database holds is in it
    }

    [Fact]
    public void Write_NoDatabase_SaysWhichFile() => Assert.Contains(
        DatabasePath, Assert.Throws<DatabaseUnavailableException>(() => DatabaseBackup.Write(Data, Backup, overwrite: false)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Write_DamagedDatabase_KeepsTheBackupThatWasThere()
    {
        await Open().DisposeAsync();
        Damage(DatabasePath, at: 3 * 8192);
        File.WriteAllText(Backup, "precious");

        Assert.Throws<DatabaseUnavailableException>(() => DatabaseBackup.Write(Data, Backup, overwrite: true));

        Assert.Equal("precious", File.ReadAllText(Backup));
        Assert.Equal(["backup.db", "data"], Directory.EnumerateFileSystemEntries(_folder.FullPath).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Restore_Backup_BringsBackWhatItHeldAndKeepsTheRestAside()
    {
        await SetAsync(17);
        DatabaseBackup.Write(Data, Backup, overwrite: false);
        await SetAsync(18);

        var aside = Restore();

        Assert.Equal(17, await GetAsync());
        Assert.Equal(DatabasePath + ".before-restore-20260102-030405", aside);
        using var kept = DatabaseFile.OpenToRead(aside!);
        Assert.Equal(18, kept.QueryNumber("SELECT next FROM asset_ids"));
        Assert.Empty(Directory.EnumerateFiles(Data, "restoring*"));
    }

    [Fact]
    public async Task Restore_ProcessDiedWithAFullJournal_KeepsTheJournalsContentAsideAndOutOfTheNewOne()
    {
        await SetAsync(17);
        DatabaseBackup.Write(Data, Backup, overwrite: false);
        await using (var database = Open())
        {
            await SetAsync(database, 18);
            // As a kill leaves it: the change is in the journal only.
            foreach (var ending in new[] { "", "-wal" })
                File.Copy(DatabasePath + ending, _folder.File("killed" + ending));
        }

        foreach (var ending in new[] { "", "-wal" })
            File.Copy(_folder.File("killed" + ending), DatabasePath + ending, overwrite: true);
        var aside = Restore();

        Assert.Equal(17, await GetAsync());
        using var kept = DatabaseFile.OpenToRead(aside!);
        Assert.Equal(18, kept.QueryNumber("SELECT next FROM asset_ids"));
    }

    [Fact]
    public async Task Restore_DatabaseIsDamaged_KeepsItAsItIs()
    {
        await SetAsync(17);
        DatabaseBackup.Write(Data, Backup, overwrite: false);
        File.WriteAllText(DatabasePath, "no database any more");
        File.WriteAllText(DatabasePath + "-wal", "nor a journal");

        var aside = Restore();

        Assert.Equal(17, await GetAsync());
        Assert.Equal("no database any more", File.ReadAllText(aside!));
        Assert.Equal("nor a journal", File.ReadAllText(aside + "-wal"));
    }

    [Fact]
    public async Task Restore_NoDatabaseYet_PutsItThere()
    {
        await SetAsync(17);
        DatabaseBackup.Write(Data, Backup, overwrite: false);
        Directory.Delete(Data, recursive: true);

        Assert.Null(Restore());
        Assert.Equal(17, await GetAsync());
    }

    [Theory]
    [InlineData("empty", "empty")]
    [InlineData("pipe", "empty")]
    [InlineData("text", "damaged")]
    [InlineData("cut", "damaged")]
    [InlineData("page", "damaged")]
    [InlineData("newer", "4711")]
    [InlineData("other", "another program")]
    public async Task Restore_FileThatCannotBeUsed_IsRefusedAndChangesNothing(string kind, string said)
    {
        await SetAsync(17);
        await SpoilAsync(kind);
        var before = File.ReadAllBytes(DatabasePath);

        var refused = Assert.Throws<DatabaseUnavailableException>(Restore);

        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Contains(Backup, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(DatabasePath));
        Assert.Empty(Directory.EnumerateFiles(Data, "*before-restore*"));
    }

    private static async Task WritePairsAsync(SqliteDatabase database, TaskCompletionSource written, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await database.WriteAsync(
                transaction =>
                {
                    transaction.Connection.Execute("INSERT INTO pairs (a) VALUES (@i)", ("@i", i));
                    transaction.Connection.Execute("UPDATE pairs SET b = a WHERE b IS NULL");
                },
                WriteUrgency.Urgent,
                CancellationToken.None);
            written.TrySetResult();
        }
    }

    private async Task SpoilAsync(string kind)
    {
        DatabaseBackup.Write(Data, Backup, overwrite: false);
        switch (kind)
        {
            case "pipe":
                File.Delete(Backup);
                NamedPipe.Make(Backup);
                break;
            case "empty" or "text":
                File.WriteAllText(Backup, kind == "empty" ? "" : "this is no database, and was never one");
                break;
            case "cut":
                using (var file = File.OpenWrite(Backup))
                    file.SetLength(file.Length / 2);
                break;
            case "page":
                Damage(Backup, at: 3 * 8192);
                break;
            default:
                await using (var connection = new SqliteConnection($"Data Source={Backup};Pooling=False"))
                {
                    await connection.OpenAsync(Token);
                    connection.Execute(kind == "newer" ? "PRAGMA user_version=4711" : "ALTER TABLE assets RENAME TO songs");
                }

                break;
        }
    }

    private static void Damage(string file, long at)
    {
        using var stream = File.OpenWrite(file);
        stream.Position = at;
        stream.Write([.. Enumerable.Repeat((byte)0x5A, 8192)]);
    }

    private string? Restore()
    {
        using var held = DataFolder.Hold(Data);
        return DatabaseRestore.Run(held, Backup, s_now);
    }

    private async Task SetAsync(long value)
    {
        await using var database = Open();
        await SetAsync(database, value);
    }

    private static Task SetAsync(SqliteDatabase database, long value) =>
        database.WriteAsync(transaction => transaction.Connection.Execute("UPDATE asset_ids SET next = @value", ("@value", value)), WriteUrgency.Urgent, Token);

    private async Task<long> GetAsync()
    {
        await using var database = Open();
        return database.Read(connection => connection.QueryNumber("SELECT next FROM asset_ids"));
    }

    private SqliteDatabase Open()
    {
        Directory.CreateDirectory(Data);
        return SqliteDatabase.Open(DatabasePath, NullLogger.Instance);
    }
}
