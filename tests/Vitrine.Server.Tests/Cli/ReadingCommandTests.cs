using System.Text.Json;
using Microsoft.Data.Sqlite;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

/// <summary>Commands that look while no server runs: they answer what a server would, and change nothing.</summary>
public sealed class ReadingCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly SamplePictures _pictures = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _scratch.Dispose();
        _pictures.Dispose();
    }

    [Fact]
    public async Task Read_NothingThere_SaysSoAndMakesNoDataFolder()
    {
        foreach (var arguments in new string[][] { ["status"], ["failures"], ["failures", "--reasons"], ["jobs"], ["search", "beach"] })
        {
            var told = await CommandRun.RunAsync([.. arguments, "--data", _scratch.Data]);
            Assert.Equal(0, told.ExitCode);
            Assert.Contains("Nothing here yet", told.Output + told.Errors, StringComparison.Ordinal);
            var document = (await CommandRun.RunAsync([.. arguments, "--data", _scratch.Data, "--json"])).Json;
            Assert.Equal(0, document.GetProperty(arguments[0] == "status" ? "libraries" : "items").GetArrayLength());
        }

        Assert.Equal(2, (await CommandRun.RunAsync("jobs", "scan:1", "--data", _scratch.Data)).ExitCode);
        Assert.Equal(2, (await CommandRun.RunAsync("failures", "--library", "x", "--data", _scratch.Data)).ExitCode);
        Assert.False(Directory.Exists(_scratch.Data));
    }

    [Fact]
    public async Task Read_WorkPending_AnswersAsTheServerDidAndTouchesNothing()
    {
        var before = await PendingLibraryAsync();

        var status = await CommandRun.RunAsync("status", "--data", _scratch.Data, "--json");
        var failures = await CommandRun.RunAsync("failures", "--data", _scratch.Data, "--json");
        var jobs = await CommandRun.RunAsync("jobs", "--data", _scratch.Data, "--json");
        var scan = await CommandRun.RunAsync("jobs", "scan:1", "--data", _scratch.Data, "--json");
        var found = await CommandRun.RunAsync("search", "b", "--data", _scratch.Data);

        Assert.False(status.Json.GetProperty("running").GetBoolean());
        Assert.Equal(0, status.Json.GetProperty("workers").GetArrayLength());
        AssertSame(before.Library, status.Json.GetProperty("libraries")[0]);
        AssertSame(before.Failures, failures.Json);
        AssertSame(before.Scan, scan.Json);
        Assert.Contains(jobs.Json.GetProperty("items").EnumerateArray(), job => JsonElement.DeepEquals(job, before.Scan.GetProperty("job")));
        Assert.Equal($"{_pictures.Folder}/b.jpg\n", found.Output);
        Assert.Contains("only the paths could be searched so far", found.Errors, StringComparison.Ordinal);
        Assert.Equal(before.Rows, Rows());

        // As the process that ran it was killed: the next start goes on with it.
        Execute("UPDATE job_runs SET status = 'running', finished_at = NULL WHERE id = (SELECT MAX(id) FROM job_runs WHERE name = 'scan:1')");
        Assert.Equal("queued", (await CommandRun.RunAsync("jobs", "scan:1", "--data", _scratch.Data, "--json")).Json.GetProperty("job").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Change_WorkPending_ChangesOneThingAndBeginsNoWork()
    {
        var before = await PendingLibraryAsync();
        Execute("UPDATE libraries SET paused = 0");

        var paused = await CommandRun.RunAsync("pause", "1", "--data", _scratch.Data, "--json");
        Assert.Equal((0, true), (paused.ExitCode, paused.Json.GetProperty("paused").GetBoolean()));
        Assert.Equal(before.Rows, Rows());

        var refused = await CommandRun.RunAsync("forget", "1", "--data", _scratch.Data, "--json");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("3 files", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("add --yes", refused.Errors, StringComparison.Ordinal);
        var forgotten = await CommandRun.RunAsync("forget", "1", "--yes", "--data", _scratch.Data, "--json");
        Assert.Equal((0, 3), (forgotten.ExitCode, forgotten.Json.GetProperty("files").GetInt32()));
        Assert.Empty((await CommandRun.RunAsync("status", "--data", _scratch.Data, "--json")).Json.GetProperty("libraries").EnumerateArray());
        Assert.Equal(3, Directory.GetFiles(_pictures.Folder).Length);
    }

    [Fact]
    public async Task Read_DatabaseOfAnotherVersion_ExitsWith3AndLeavesIt()
    {
        await PendingLibraryAsync();
        foreach (var (version, said) in new[] { (1, "older version (1;"), (999, "knows versions up to") })
        {
            Execute($"PRAGMA user_version = {version}");
            var refused = await CommandRun.RunAsync("status", "--data", _scratch.Data);
            Assert.Equal((3, ""), (refused.ExitCode, refused.Output));
            Assert.Contains(said, refused.Errors, StringComparison.Ordinal);
            Assert.Equal(version, Number("PRAGMA user_version"));
        }
    }

    /// <summary>A data folder whose server is gone, with a paused library of three files that nobody has worked on.</summary>
    private async Task<(JsonElement Library, JsonElement Failures, JsonElement Scan, string Rows)> PendingLibraryAsync()
    {
        foreach (var name in new[] { "a", "b", "c" })
            _pictures.Jpeg($"{name}.jpg", 40, 30, seed: name[0]);
        JsonElement library, failures, scan;
        await using (var server = await RunningServer.StartAsync(_scratch.Data))
        {
            var id = await server.PausedLibraryAsync(_pictures.Folder);
            library = await server.GetAsync($"/api/libraries/{id}");
            failures = await server.GetAsync("/api/failures");
            scan = await server.GetAsync("/api/jobs/scan:1");
        }

        return (library, failures, scan, Rows());
    }

    private static void AssertSame(JsonElement expected, JsonElement actual) => Assert.True(JsonElement.DeepEquals(expected, actual), $"{expected}\n{actual}");

    /// <summary>Who has what, and every run there was.</summary>
    private string Rows() => string.Join(
        '\n',
        Texts("SELECT id || ' ' || status || ' ' || attempts || ' ' || COALESCE(claim_owner, 0) FROM assets ORDER BY id")
            .Concat(Texts("SELECT id || ' ' || host FROM workers"))
            .Concat(Texts("SELECT id || ' ' || name || ' ' || status FROM job_runs ORDER BY id")));

    private List<string> Texts(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }

    private long Number(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar());
    }

    private void Execute(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path.Join(_scratch.Data, "vitrine.db")};Pooling=False");
        connection.Open();
        return connection;
    }
}
