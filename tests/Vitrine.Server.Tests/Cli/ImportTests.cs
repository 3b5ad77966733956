using Vitrine.Decoding;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

public sealed class ImportTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Import_GoodPictures_SaysSoAndExitsWith0()
    {
        var result = await CliProgram.RunAsync("import", _scratch.WritePictures(9), "--data", _scratch.Data);
        Assert.Equal((0, ""), (result.ExitCode, result.ExitCode == 0 ? "" : result.Errors));
        Assert.Contains("9 files", result.Output);
        Assert.Contains("9 ready, 0 failed", result.Output);
    }

    [Fact]
    public async Task Import_WithBrokenFile_ListsItAndExitsWith1()
    {
        _scratch.WritePictures(4);
        _scratch.WriteBroken("broken.jpg");
        var result = await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("4 ready, 1 failed", result.Output);
        Assert.Contains("broken.jpg", result.Output);
        Assert.Contains("The file is not a picture.", result.Output);
    }

    [Fact]
    public async Task Import_WithJson_PrintsOneDocumentAndProgressElsewhere()
    {
        _scratch.WritePictures(5);
        _scratch.WriteBroken("broken.png");
        var result = await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data, "--library", "Holidays", "--json");
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("Holidays", result.Json.GetProperty("name").GetString());
        Assert.Equal("complete", result.Json.GetProperty("status").GetString());
        Assert.Equal(6, result.Json.GetProperty("total").GetInt32());
        Assert.Equal(5, result.Json.GetProperty("ready").GetInt32());
        Assert.Equal("broken.png", result.Json.GetProperty("failures")[0].GetProperty("path").GetString());
        Assert.Contains("5 of 6 ready", result.Errors);
    }

    [Fact]
    public async Task Import_MoreThanHalfGone_SaysWhatToPassAndObeysIt()
    {
        _scratch.WritePictures(16);
        await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data);
        foreach (var file in Directory.GetFiles(_scratch.Pictures, "*", SearchOption.AllDirectories).Take(12))
            File.Delete(file);

        var kept = await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data, "--json");
        Assert.Equal((1, 12), (kept.ExitCode, kept.Json.GetProperty("missing").GetInt32()));
        Assert.Contains("12 files of", kept.Errors);
        Assert.Contains("--confirm-removal", kept.Errors);

        var removed = await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data, "--json", "--confirm-removal");
        Assert.Equal((0, 0), (removed.ExitCode, removed.Json.GetProperty("missing").GetInt32()));
    }

    [Theory]
    [InlineData("n", 12)]
    [InlineData("y", 0)]
    public async Task Import_MoreThanHalfGoneOnATerminal_AsksAndObeysTheAnswer(string answer, int stillMissing)
    {
        _scratch.WritePictures(16);
        await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data);
        foreach (var file in Directory.GetFiles(_scratch.Pictures, "*", SearchOption.AllDirectories).Take(12))
            File.Delete(file);

        var asked = await CliProgram.RunOnTerminalAsync("[y/N]", answer, "import", _scratch.Pictures, "--data", _scratch.Data);
        var after = await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data, "--json");

        Assert.Contains("12 files of", asked.Output);
        Assert.Contains("Remove them from it? [y/N]", asked.Output);
        Assert.Equal(stillMissing, after.Json.GetProperty("missing").GetInt32());
    }

    [Fact]
    public async Task Import_FolderSuddenlyEmpty_SaysSoAndEnds()
    {
        _scratch.WritePictures(3);
        await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data);
        Directory.Delete(_scratch.Pictures, recursive: true);
        Directory.CreateDirectory(_scratch.Pictures);

        var result = await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data);
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("suddenly empty", result.Errors);
    }

    [Fact]
    public async Task Import_TheSameFolderAgain_TakesInOnlyWhatIsNew()
    {
        _scratch.WritePictures(3);
        await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data);
        _scratch.WritePictures(5);
        var result = await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data, "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("1", result.Json.GetProperty("library_id").GetString());
        var status = await CliProgram.RunAsync("status", "--data", _scratch.Data, "--json");
        var progress = Assert.Single(status.Json.GetProperty("libraries").EnumerateArray()).GetProperty("progress");
        Assert.Equal((5, 5), (progress.GetProperty("total").GetInt32(), progress.GetProperty("ready").GetInt32()));
    }

    [Fact]
    public async Task Import_OfWhatIsNoFolder_ExitsWith2AndStoresNothing()
    {
        var file = _scratch.WriteBroken("file.txt");
        foreach (var (folder, complaint) in new[] { ("/no/such/folder", "does not exist"), (file, "is a file"), ("", "empty") })
        {
            var result = await CliProgram.RunAsync("import", folder, "--data", _scratch.Data);
            Assert.Equal((2, ""), (result.ExitCode, result.Output));
            Assert.Contains(complaint, result.Errors);
        }

        Assert.False(Directory.Exists(_scratch.Data));
    }

    [Fact]
    public async Task Import_OfTheDataFolder_ExitsWith2()
    {
        var inside = Directory.CreateDirectory(Path.Join(_scratch.Data, "thumbnails")).FullName;
        var result = await CliProgram.RunAsync("import", inside, "--data", _scratch.Data);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("inside the data folder", result.Errors);
    }

    [Fact]
    public async Task Import_WhileAServerHoldsTheDataFolder_GoesThroughIt()
    {
        var (server, address) = await CliProgram.ServeAsync("--data", _scratch.Data);
        using (server)
        {
            var result = await CliProgram.RunAsync("import", _scratch.WritePictures(3), "--data", _scratch.Data, "--json");
            Assert.Equal((0, address), (result.ExitCode, result.Json.GetProperty("server").GetString()));
            var again = await CliProgram.RunAsync("import", _scratch.Pictures, "--server", address, "--json");
            Assert.Equal(0, again.ExitCode);
            var detached = await CliProgram.RunAsync("import", _scratch.Pictures, "--server", address, "--detach", "--json");
            Assert.Equal((0, "in_progress"), (detached.ExitCode, detached.Json.GetProperty("status").GetString()));
        }
    }

    [Fact]
    public async Task Import_DetachedWithoutAServer_ExitsWith3()
    {
        var result = await CliProgram.RunAsync("import", _scratch.WritePictures(1), "--data", _scratch.Data, "--detach");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("vitrine serve", result.Errors);
    }

    [Fact]
    public async Task Import_ToAServerThatIsNotThere_ExitsWith3()
    {
        var result = await CliProgram.RunAsync("import", _scratch.Pictures, "--server", "http://127.0.0.1:9");
        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.Contains("does not answer", result.Errors);
    }

    [Fact]
    public async Task Import_Interrupted_HandsBackAndIsCompletedByTheNextOne()
    {
        const int Files = 40;
        _scratch.WritePictures(Files);
        // One of them never ends, so that there is something to interrupt however fast the others are.
        (string, string)[] hanging = [(DecoderFaults.Variable, "hang:picture-0.png"), ("VITRINE_INDEXING__SHUTDOWN_GRACE", "0s")];
        using (var import = CliProgram.Start(hanging, "import", _scratch.Pictures, "--data", _scratch.Data))
        {
            Assert.NotNull(await import.ReadErrorLineAsync()); // it is at work
            Assert.Equal(130, await import.InterruptAsync());
            var told = await import.ReadErrorsAsync();
            Assert.Contains("Stopping… (Ctrl+C again ends at once)\n", told, StringComparison.Ordinal);
            Assert.Matches(@"Stopped: \d+ of \d+ ready\. The rest goes on with the next import or serve\.\n$", told);
        }

        var next = await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data, "--json");
        Assert.Equal(0, next.ExitCode);
        var status = await CliProgram.RunAsync("status", "--data", _scratch.Data, "--json");
        var progress = status.Json.GetProperty("libraries")[0].GetProperty("progress");
        Assert.Equal((Files, Files), (progress.GetProperty("total").GetInt32(), progress.GetProperty("ready").GetInt32()));
    }
}
