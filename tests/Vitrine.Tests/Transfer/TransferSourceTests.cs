using Microsoft.Data.Sqlite;
using Vitrine.Storage;
using Vitrine.Transfer;
using Xunit;

namespace Vitrine.Tests.Transfer;

public sealed class TransferSourceTests : TransferTest
{
    [Fact]
    public void Open_NoDataFolder_SaysWhichAndMakesNone()
    {
        Assert.Contains(Data, Assert.Throws<DataFolderException>(() => TransferSource.Open(Data)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public void Open_NoDatabase_SaysThatThereIsNothingToMove()
    {
        Directory.CreateDirectory(Data);
        Assert.Contains("nothing to move", Assert.Throws<DatabaseUnavailableException>(() => TransferSource.Open(Data)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(Path.Join(Data, "vitrine.db"), []);
        Assert.Contains("nothing to move", Assert.Throws<DatabaseUnavailableException>(() => TransferSource.Open(Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ServerHoldsTheFolder_IsRefused()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 1);
        using var held = DataFolder.Hold(Data);

        Assert.Contains("Another Vitrine", Assert.Throws<DataFolderException>(() => TransferSource.Open(Data)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4711, "version 4711")]
    [InlineData(0, "version 0")]
    public async Task Open_DatabaseOfAnotherProgram_IsRefusedWithItsVersion(int version, string said)
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 1);
        await using (var connection = new SqliteConnection($"Data Source={Path.Join(Data, "vitrine.db")};Pooling=False"))
        {
            await connection.OpenAsync(Token);
            connection.Execute($"PRAGMA user_version={version}");
        }

        Assert.Contains(said, Assert.Throws<DatabaseUnavailableException>(() => TransferSource.Open(Data)).Message, StringComparison.Ordinal);
        DataFolder.Hold(Data).Dispose(); // and the folder is free again
    }

    [Fact]
    public async Task Open_DamagedDatabase_IsRefused()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 1);
        File.WriteAllText(Path.Join(Data, "vitrine.db"), "no database any more");

        Assert.Contains("damaged", Assert.Throws<DatabaseUnavailableException>(() => TransferSource.Open(Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AfterAKill_ReadsTheJournalToo()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 10);
        var killed = Data + "-killed";
        Directory.CreateDirectory(killed);
        await using (var database = SqliteDatabase.Open(Path.Join(Data, "vitrine.db"), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance))
        {
            await database.WriteAsync(transaction => transaction.Connection.Execute("UPDATE libraries SET name = 'in the journal'"), WriteUrgency.Urgent, Token);
            foreach (var ending in (string[])["", "-wal"])
                File.Copy(Path.Join(Data, "vitrine.db" + ending), Path.Join(killed, "vitrine.db" + ending));
        }

        using var source = TransferSource.Open(killed);

        Assert.Equal("in the journal", Assert.Single(source.Libraries()).Name);
    }
}
