using Vitrine.Server.Tests.Cli;
using Vitrine.Storage;
using Vitrine.Tests.Transfer;
using Xunit;

namespace Vitrine.Server.Tests.Migrate;

/// <summary>What the command says and how it ends, above all where something is wrong.</summary>
public sealed class MigrateCommandTests : MigrateTest
{
    [Fact]
    public async Task Migrate_Libraries_SaysWhatArrivedAndWhatIsNext()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 40);
        await EmbeddedLibrary.AddAsync(Data, "/models", 15);

        var first = await MigrateAsync();
        var again = await MigrateAsync();

        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.Contains("photos: 40 files moved", first.Output, StringComparison.Ordinal);
        Assert.Contains("models: 15 files moved", first.Output, StringComparison.Ordinal);
        Assert.Contains("content hashes agree", first.Output, StringComparison.Ordinal);
        Assert.Contains($"Thumbnails stay in {Data}", first.Output, StringComparison.Ordinal);
        Assert.Contains("vitrine serve --database", first.Output, StringComparison.Ordinal);
        Assert.Contains("can be removed", first.Output, StringComparison.Ordinal);
        Assert.Contains("copying: photos", first.Errors, StringComparison.Ordinal);
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("Nothing was left to do.", again.Output, StringComparison.Ordinal);
        Assert.Equal(55, await QueryAsync("SELECT COUNT(*) FROM assets"));
    }

    [Fact]
    public async Task Migrate_OneLibraryByName_LeavesTheOther()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 20);
        await EmbeddedLibrary.AddAsync(Data, "/models", 10);

        var one = await MigratedAsync("--library", "PHOTOS");
        var rest = await MigratedAsync();

        var library = Assert.Single(one.GetProperty("libraries").EnumerateArray().ToList());
        Assert.Equal(("photos", 20, 20), (library.GetProperty("name").GetString(), library.GetProperty("assets").GetInt32(), library.GetProperty("rows").GetProperty("assets").GetInt32()));
        Assert.Equal([false, true], rest.GetProperty("libraries").EnumerateArray().Select(item => item.GetProperty("was_there").GetBoolean()));
        Assert.Equal(2, await QueryAsync("SELECT COUNT(*) FROM libraries"));
    }

    [Fact]
    public async Task Migrate_ToByVariable_IsTaken()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 5);

        var result = await CliProgram.RunAsync([("VITRINE_DATABASE", Connection)], "migrate", "--data", Data, "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(5, await QueryAsync("SELECT COUNT(*) FROM assets"));
    }

    [Theory]
    [InlineData("/var/lib/vitrine", "vitrine backup")]
    [InlineData("postgres://db/vitrine", "not a URL")]
    [InlineData("", "Where to is missing")]
    public async Task Migrate_ToIsNoConnection_ExitsWith2(string to, string said)
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 1);
        var result = await CliProgram.RunAsync("migrate", "--to", to, "--data", Data);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(said, result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=pictures;Username=me;Password=secret;Timeout=2", "pictures on 127.0.0.1")]
    [InlineData("Nonsense=1", "connection string")]
    public async Task Migrate_TargetCannotBeReached_ExitsWith3AndHidesThePassword(string to, string said)
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 1);
        var result = await CliProgram.RunAsync("migrate", "--to", to, "--data", Data);
        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.Contains(said, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_NoDataFolderOrNoDatabase_ExitsWith3()
    {
        var none = await MigrateAsync();
        Assert.Equal(3, none.ExitCode);
        Assert.Contains("There is no data folder", none.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));

        Directory.CreateDirectory(Data);
        var empty = await MigrateAsync();
        Assert.Equal(3, empty.ExitCode);
        Assert.Contains("nothing to move", empty.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_ServerRunsOnTheDataFolder_ExitsWith3AndItsAddress()
    {
        var (server, address) = await CliProgram.ServeAsync("--data", Data);
        using (server)
        {
            var result = await MigrateAsync();
            Assert.Equal(3, result.ExitCode);
            Assert.Contains(address, result.Errors, StringComparison.Ordinal);
            Assert.Equal(0, await server.InterruptAsync());
        }
    }

    [Fact]
    public async Task Migrate_LibraryIsNotKnown_ExitsWith2AndListsThem()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 1);
        var result = await MigrateAsync("--library", "pictures");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("It has: photos.", result.Errors, StringComparison.Ordinal);
        Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM transfers"));
    }

    [Fact]
    public async Task Migrate_TargetIsNewer_ExitsWith3()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 1);
        await ExecuteAsync("INSERT INTO schema_version (version) VALUES (4711)");
        var result = await MigrateAsync();
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("version 4711", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_FolderIsALibraryOfTheTarget_ExitsWith3BeforeAnythingMoves()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 5);
        await EmbeddedLibrary.AddAsync(Data, "/models", 5);
        await ExecuteAsync(
            "INSERT INTO progress_scopes DEFAULT VALUES; INSERT INTO libraries (id, name, path, include_hidden, created_at) SELECT MAX(id), 'theirs', '/photos', FALSE, 1 FROM progress_scopes");

        var result = await MigrateAsync();

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("'theirs' (/photos)", result.Errors, StringComparison.Ordinal);
        Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM assets"));
        Assert.Equal(0, (await MigrateAsync("--library", "models")).ExitCode);
    }

    [Fact]
    public async Task Migrate_WhatArrivedDiffers_ExitsWith3AndSaysWhat()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 40);
        await ExecuteAsync(
            """
            CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.size := NEW.size + 1; RETURN NEW; END $$;
            CREATE TRIGGER spoil BEFORE INSERT ON assets FOR EACH ROW WHEN (NEW.name LIKE '17%') EXECUTE FUNCTION spoil();
            """);

        var result = await MigrateAsync();

        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.Contains("'photos' did not arrive as it was: assets: 40 rows", result.Errors, StringComparison.Ordinal);
        Assert.Contains($"such as 17{EmbeddedLibrary.Odd.Replace('\u202E', '\uFFFD')}.jpg", result.Errors, StringComparison.Ordinal); // a terminal must not obey it
        Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM libraries"));
        await ExecuteAsync("DROP FUNCTION spoil CASCADE");
        Assert.Equal(0, (await MigrateAsync()).ExitCode);
        Assert.Equal(40, await QueryAsync("SELECT COUNT(*) FROM assets"));
    }

    [Fact]
    public async Task Migrate_TargetStopsInTheMiddle_ExitsWith3AndGoesOnAtTheNextRun()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 12_000);
        // As a full disk of the server: it refuses the rows.
        await ExecuteAsync(
            """
            CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
            CREATE TRIGGER full_disk BEFORE UPDATE ON transfers FOR EACH ROW WHEN (NEW.copied_to > 5000) EXECUTE FUNCTION full_disk();
            """);

        var full = await MigrateAsync();

        Assert.Equal(3, full.ExitCode);
        Assert.Contains("No space left on device", full.Errors, StringComparison.Ordinal);
        Assert.Contains("goes on where this one stopped", full.Errors, StringComparison.Ordinal);
        Assert.Equal(5000, await QueryAsync("SELECT COUNT(*) FROM assets"));
        await ExecuteAsync("DROP FUNCTION full_disk CASCADE");
        Assert.Equal(5000, (await MigratedAsync()).GetProperty("libraries")[0].GetProperty("went_on").GetInt64());
        Assert.Equal(12_000, await QueryAsync("SELECT COUNT(*) FROM assets"));
    }

    [Fact]
    public async Task Migrate_EmptyDataFolderDatabase_SaysThatThereIsNothing()
    {
        Directory.CreateDirectory(Data);
        await SqliteDatabase.Open(Path.Join(Data, "vitrine.db"), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance).DisposeAsync();
        var result = await MigrateAsync();
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("no library", result.Output, StringComparison.Ordinal);
    }
}
