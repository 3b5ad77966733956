using System.Text.Json;
using Vitrine.Tests.Images;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

/// <summary>Jobs, failures by reason, and holding a library, as commands that speak to a running server.</summary>
public sealed class WorkCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly SamplePictures _pictures = new();

    public void Dispose()
    {
        _scratch.Dispose();
        _pictures.Dispose();
    }

    [Fact]
    public async Task Jobs_AfterAnImport_ListsTheScanAndShowsItsLines()
    {
        await CliProgram.RunAsync("import", _scratch.WritePictures(2), "--data", _scratch.Data);

        var listed = await CliProgram.RunAsync("jobs", "--data", _scratch.Data, "--json");
        var scan = listed.Json.GetProperty("items").EnumerateArray().Single(job => job.GetProperty("name").GetString() == "scan:1");
        var shown = await CliProgram.RunAsync("jobs", "scan:1", "--data", _scratch.Data);

        Assert.Equal((0, "completed"), (listed.ExitCode, scan.GetProperty("status").GetString()));
        Assert.StartsWith("scan:1  completed, began ", shown.Output);
        Assert.Contains("2 added, 0 changed", shown.Output);
        Assert.Contains($"Scanned {_scratch.Pictures}: ", shown.Output);
    }

    [Fact]
    public async Task Jobs_ChangedByName_HoldsLetsGoAndEnds()
    {
        await using var server = await RunningServer.StartAsync();
        var address = server.Address.ToString();
        var held = await HeldJob.StartAsync(server, "test:1");

        var paused = await CliProgram.RunAsync("jobs", "pause", "test:1", "--server", address, "--json");
        Assert.Equal((0, true), (paused.ExitCode, paused.Json.GetProperty("paused").GetBoolean()));
        var listed = await CliProgram.RunAsync("jobs", "--server", address);
        Assert.Contains("test:1  paused 25", listed.Output);
        var resumed = await CliProgram.RunAsync("jobs", "resume", "test:1", "--server", address);
        Assert.Equal(0, resumed.ExitCode);
        Assert.StartsWith("test:1  running 25", resumed.Output);
        var cancelled = await CliProgram.RunAsync("jobs", "cancel", "test:1", "--server", address);
        Assert.Equal(0, cancelled.ExitCode);
        await held.EndedAsync();

        var shown = await CliProgram.RunAsync("jobs", "test:1", "--server", address);
        Assert.StartsWith("test:1  cancelled, began ", shown.Output);
        Assert.Contains("warning     Item 1 is 'odd'", shown.Output);
        var facts = (await CliProgram.RunAsync("jobs", "test:1", "--server", address, "--json")).Json;
        Assert.Equal("cancelled", facts.GetProperty("job").GetProperty("status").GetString());
        Assert.Single(facts.GetProperty("runs").EnumerateArray());
        Assert.Single(facts.GetProperty("lines").EnumerateArray());
    }

    [Theory]
    [InlineData("jobs", "none")]
    [InlineData("jobs", "cancel", "test:1")]
    [InlineData("pause", "nothing")]
    [InlineData("resume", "nothing")]
    [InlineData("cancel", "nothing")]
    [InlineData("retry", "1", "--reason", "damaged")]
    public async Task Command_OnWhatIsNotThereOrHasEnded_ExitsWith2AndSaysWhich(params string[] arguments)
    {
        await using var server = await RunningServer.StartAsync();
        await (await HeldJob.StartAsync(server, "test:1")).EndAsync();

        var result = await CliProgram.RunAsync([.. arguments, "--server", server.Address.ToString()]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("vitrine: ", result.Errors);
    }

    [Fact]
    public async Task PauseResumeCancel_ByName_SayHowTheLibraryStands()
    {
        for (var i = 0; i < 6; i++)
            _pictures.Jpeg($"{i}.jpg", 40, 30, seed: i);
        await using var server = await RunningServer.StartAsync();
        var library = await server.PausedLibraryAsync(_pictures.Folder);
        var name = (await server.GetAsync($"/api/libraries/{library}")).GetProperty("name").GetString()!;
        var address = server.Address.ToString();
        await server.PostAsync($"/api/libraries/{library}/resume");

        var paused = await CliProgram.RunAsync("pause", name, "--server", address, "--json");
        Assert.Equal((0, true), (paused.ExitCode, paused.Json.GetProperty("paused").GetBoolean()));
        var resumed = await CliProgram.RunAsync("resume", library, "--server", address, "--json");
        Assert.Equal((0, false), (resumed.ExitCode, resumed.Json.GetProperty("paused").GetBoolean()));
        await server.FinishedAsync(library);
        Assert.Equal(6, (await server.GetAsync($"/api/progress/{library}")).GetProperty("ready").GetInt32());
    }

    [Fact]
    public async Task Cancel_PausedLibrary_EndsItsWork()
    {
        for (var i = 0; i < 6; i++)
            _pictures.Jpeg($"{i}.jpg", 40, 30, seed: i);
        await using var server = await RunningServer.StartAsync();
        var library = await server.PausedLibraryAsync(_pictures.Folder);

        var cancelled = await CliProgram.RunAsync("cancel", library, "--server", server.Address.ToString());

        Assert.Equal(0, cancelled.ExitCode);
        Assert.Contains("cancelled", cancelled.Output, StringComparison.OrdinalIgnoreCase);
        var progress = await server.GetAsync($"/api/progress/{library}");
        Assert.Equal(("cancelled", 6), (progress.GetProperty("status").GetString(), progress.GetProperty("pending").GetInt32()));
    }

    [Fact]
    public async Task Failures_ByReason_AreCountedListedAndRetriedAlone()
    {
        _scratch.WritePictures(1);
        _scratch.WriteBroken("a.png");
        _scratch.WriteBroken("b.png");
        File.WriteAllText(Path.Join(_scratch.Pictures, "empty.png"), "");
        await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data);

        var reasons = await CliProgram.RunAsync("failures", "--reasons", "--data", _scratch.Data, "--json");
        Assert.Equal([2, 1], reasons.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("count").GetInt32()));
        var frequent = reasons.Json.GetProperty("items")[0].GetProperty("reason").GetString()!;
        var text = await CliProgram.RunAsync("failures", "--reasons", "--data", _scratch.Data);
        Assert.StartsWith("3 failed:\n         2  The file is not a picture. (not_a_picture)", text.Output);
        var details = reasons.Json.GetProperty("items")[0].GetProperty("example").GetString()!;
        Assert.DoesNotContain(details, text.Output, StringComparison.Ordinal);
        Assert.Contains($"The file is not a picture. Details: {details}", (await CliProgram.RunAsync("failures", "--verbose", "--data", _scratch.Data)).Output, StringComparison.Ordinal);
        var listed = await CliProgram.RunAsync("failures", "--reason", frequent, "--data", _scratch.Data, "--json");
        Assert.Equal(["a.png", "b.png"], Paths(listed.Json.GetProperty("items")));

        foreach (var name in new[] { "a.png", "b.png", "empty.png" })
            File.Copy(Path.Join(_scratch.Pictures, "picture-0.png"), Path.Join(_scratch.Pictures, name), overwrite: true);
        var retried = await CliProgram.RunAsync("retry", "--all", "--reason", frequent, "--data", _scratch.Data, "--json");
        Assert.Equal((0, 2, 0), (retried.ExitCode, retried.Json.GetProperty("retried").GetInt32(), retried.Json.GetProperty("failures").GetArrayLength()));
        var left = await CliProgram.RunAsync("failures", "--data", _scratch.Data, "--json");
        Assert.Equal(["empty.png"], Paths(left.Json.GetProperty("items")));
    }

    [Fact]
    public async Task Retry_WhileOneIsPutTogether_ExitsWith3AndNamesTheJob()
    {
        _scratch.WriteBroken("a.png");
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(_scratch.Pictures);
        var held = await HeldJob.StartAsync(server, FailureRetries.JobName(long.Parse(library)));

        var refused = await CliProgram.RunAsync("retry", "--all", "--server", server.Address.ToString());

        Assert.Equal(3, refused.ExitCode);
        Assert.Contains($"retry:{library}", refused.Errors);
        await held.EndAsync();
    }

    private static string[] Paths(JsonElement items) => [.. items.EnumerateArray().Select(item => item.GetProperty("path").GetString()!)];
}
