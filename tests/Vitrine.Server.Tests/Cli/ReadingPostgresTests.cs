using Npgsql;
using Vitrine.Storage;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

/// <summary>The shared database, read by a command while no server holds the data folder.</summary>
public sealed class ReadingPostgresTests
{
    [Fact]
    public async Task Open_SharedDatabase_ReadsItAndCanWriteNothing()
    {
        await using var database = await SharedPostgres.CreateAsync();
        try
        {
            var options = new VitrineOptions { DataFolder = "/no/such/folder", Database = database.ConnectionString };
            using var reader = VitrineReader.OpenOrNull(options)!;
            Assert.True(reader.IsShared);
            Assert.Empty(reader.Libraries.All());
            Assert.Empty(reader.Workers.All());
            Assert.Empty(reader.Jobs.All());
            Assert.Equal(0, reader.Search(1, "beach").Count);

            using var read = ReadOnlyDatabase.OpenPostgresOrNull(database.ConnectionString)!;
            Assert.Throws<DatabaseUnavailableException>(() => read.Read(connection => connection.Execute("DELETE FROM libraries")));
            await Assert.ThrowsAsync<InvalidOperationException>(() => read.WriteAsync(_ => true, WriteUrgency.Urgent, TestContext.Current.CancellationToken));
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
        }
    }

    [Fact]
    public void Open_ServerThatIsNotThere_SaysSo() => Assert.Throws<DatabaseUnavailableException>(
        () => VitrineReader.OpenOrNull(new VitrineOptions { DataFolder = "/no/such/folder", Database = "Host=127.0.0.1;Port=1;Database=x;Username=x;Timeout=2" }));
}
