using Npgsql;
using Vitrine.Server.Tests.Faults;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Machines;

/// <summary>Starts on a shared database, and what the command line says of it.</summary>
public sealed class SharedStartTests : MachinesTest
{
    [Fact]
    public async Task Start_TwoServersAtOnceOnAnEmptyDatabase_MigrateOnce()
    {
        using var second = new TemporaryFolder("vitrine-data-");
        await using (var connection = new NpgsqlConnection(Connection))
        {
            await connection.OpenAsync(Cancelled);
            await using var empty = new NpgsqlCommand("DROP SCHEMA public CASCADE; CREATE SCHEMA public", connection);
            await empty.ExecuteNonQueryAsync(Cancelled);
        }

        var servers = await Task.WhenAll(
            VitrineProcess.StartSharedAsync(Data.Path, Connection, "--no-work"), VitrineProcess.StartSharedAsync(second.Path, Connection, "--no-work"));
        await using var one = servers[0];
        await using var other = servers[1];

        Assert.Equal(await QueryAsync("SELECT MAX(version) FROM schema_version"), await QueryAsync("SELECT COUNT(*) FROM schema_version"));
        Assert.Equal(2, await QueryAsync("SELECT COUNT(*) FROM workers"));
    }

    [Theory]
    [InlineData(1, "doctor --quick --database Host=127.0.0.1;Port=1;Database=gone;Username=me;Password=s3cret", "gone on 127.0.0.1 cannot be opened")]
    [InlineData(3, "worker --database Host=127.0.0.1;Port=1;Database=gone;Username=me;Password=s3cret", "gone on 127.0.0.1 cannot be opened")]
    [InlineData(3, "worker --database Host=127.0.0.1:1,127.0.0.1:2;Username=me;Password=s3cret", "The database me on 127.0.0.1:1,127.0.0.1:2 cannot be opened: Failed to connect to 127.0.0.1:1; Failed to connect to 127.0.0.1:2. Check")]
    [InlineData(3, "serve --database Password=s3cret;what", "cannot be opened")]
    [InlineData(2, "worker", "--database")]
    [InlineData(2, "worker --database Host=x --stages none", "nothing to do")]
    [InlineData(2, "worker --database Host=x --stages dreams", "--stages: 'dreams'")]
    [InlineData(2, "worker --database Host=x --root-map data=/mnt", "--root-map: 'data=/mnt'")]
    [InlineData(2, "serve --no-work --stages embedding", "not both")]
    [InlineData(2, "serve --derived s3:///x", "not the address of a bucket")]
    public async Task Options_ThatAreWrong_AreExplainedWithoutThePassword(int exitCode, string line, string says)
    {
        var arguments = line.Split(' ');
        var (process, first, errors) = await VitrineProcess.LaunchAsync([.. arguments, "--data", Data.Path], null, []);
        using (process)
        {
            await process.WaitForExitAsync(Cancelled);
            var said = await errors + first;
            Assert.Equal(exitCode, process.ExitCode);
            Assert.DoesNotContain("s3cret", said, StringComparison.Ordinal);
            if (exitCode != 1)
                Assert.Contains(says, said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("backup", "pg_dump")]
    [InlineData("restore", "pg_restore")]
    [InlineData("doctor --repair", "pg_dump")]
    public async Task EmbeddedOnly_OnPostgres_RefusesAndSaysWhatToUse(string line, string instead)
    {
        string[] arguments = line.StartsWith("doctor", StringComparison.Ordinal) ? line.Split(' ') : [line, Path.Join(Data.Path, "file")];
        var (process, _, errors) = await VitrineProcess.LaunchAsync([.. arguments, "--data", Data.Path], null, [], ("VITRINE_DATABASE", Connection));
        using (process)
        {
            await process.WaitForExitAsync(Cancelled);
            Assert.Equal(3, process.ExitCode);
            Assert.Contains(instead, await errors, StringComparison.Ordinal);
        }
    }
}
