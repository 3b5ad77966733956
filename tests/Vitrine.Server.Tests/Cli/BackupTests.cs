using Xunit;

namespace Vitrine.Server.Tests.Cli;

public sealed class BackupTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    private string Backup => Path.Join(_scratch.Pictures, "..", "backup.db");

    private string Database => Path.Join(_scratch.Data, "vitrine.db");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Backup_WhileAServerRuns_RestoresTheLibraryAfterIt()
    {
        var (server, _) = await CliProgram.ServeAsync("--data", _scratch.Data);
        using (server)
        {
            await CliProgram.RunAsync("import", _scratch.WritePictures(4), "--data", _scratch.Data);
            var backup = await CliProgram.RunAsync("backup", Backup, "--data", _scratch.Data, "--json");
            Assert.Equal((0, ""), (backup.ExitCode, backup.Errors));
            Assert.Equal(new FileInfo(Backup).Length, backup.Json.GetProperty("bytes").GetInt64());

            var refused = await CliProgram.RunAsync("restore", Backup, "--data", _scratch.Data);
            Assert.Equal(3, refused.ExitCode);
            Assert.Contains("Another Vitrine uses the data folder", refused.Errors, StringComparison.Ordinal);
            Assert.Equal(0, await server.InterruptAsync());
        }

        File.Delete(Database);
        Directory.Delete(Path.Join(_scratch.Data, "thumbnails"), recursive: true);
        Assert.Equal(0, (await CliProgram.RunAsync("restore", Backup, "--data", _scratch.Data)).ExitCode);
        var (restored, address) = await CliProgram.ServeAsync("--data", _scratch.Data);
        using (restored)
        {
            var status = await CliProgram.RunAsync("status", "--data", _scratch.Data, "--json");
            Assert.Equal(4, status.Json.GetProperty("libraries")[0].GetProperty("progress").GetProperty("ready").GetInt32());
            using var http = new HttpClient();
            var thumbnail = await http.GetAsync($"{address}/api/assets/1/thumbnail", TestContext.Current.CancellationToken);
            Assert.Equal("image/webp", thumbnail.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task Serve_DamagedDatabase_EndsWith3AndTheWayBack_AndRestoreIsIt()
    {
        await CliProgram.RunAsync("import", _scratch.WritePictures(3), "--data", _scratch.Data);
        await CliProgram.RunAsync("backup", Backup, "--data", _scratch.Data);
        File.WriteAllText(Database, "no database");

        var refused = await CliProgram.RunAsync("serve", "--data", _scratch.Data, "--listen", "http://127.0.0.1:0");
        Assert.Equal((3, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("vitrine restore", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("no database", File.ReadAllText(Database));

        var restored = await CliProgram.RunAsync("restore", Backup, "--data", _scratch.Data, "--json");
        Assert.Equal("no database", File.ReadAllText(restored.Json.GetProperty("kept_aside").GetString()!));
        var status = await CliProgram.RunAsync("status", "--data", _scratch.Data, "--json");
        Assert.Equal(3, status.Json.GetProperty("libraries")[0].GetProperty("progress").GetProperty("ready").GetInt32());
    }

    [Fact]
    public async Task Backup_FileIsThere_ExitsWith2AndLeavesIt()
    {
        await CliProgram.RunAsync("import", _scratch.WritePictures(1), "--data", _scratch.Data);
        File.WriteAllText(Backup, "precious");

        Assert.Equal(2, (await CliProgram.RunAsync("backup", Backup, "--data", _scratch.Data)).ExitCode);
        Assert.Equal("precious", File.ReadAllText(Backup));
        Assert.Equal(0, (await CliProgram.RunAsync("backup", Backup, "--overwrite", "--data", _scratch.Data)).ExitCode);
    }

    [Fact]
    public async Task Restore_FileIsNotThere_ExitsWith2()
    {
        var result = await CliProgram.RunAsync("restore", Backup, "--data", _scratch.Data);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.False(Directory.Exists(_scratch.Data));
    }
}
