using System.Net;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

public sealed class ServeTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Serve_WithFolder_ListensAndAddsIt()
    {
        var (server, address) = await CliProgram.ServeAsync(_scratch.WritePictures(2), "--data", _scratch.Data);
        using (server)
        {
            var import = await CliProgram.RunAsync("import", _scratch.Pictures, "--server", address, "--json");
            Assert.Equal("1", import.Json.GetProperty("library_id").GetString());
            Assert.Equal(0, await server.InterruptAsync());
        }
    }

    [Fact]
    public async Task Serve_WithUnknownFolder_ExitsWith2()
    {
        foreach (var command in new string[][] { ["serve", "/no/such/folder"], ["/no/such/folder"] })
        {
            var result = await CliProgram.RunAsync([.. command, "--data", _scratch.Data]);
            Assert.Equal((2, ""), (result.ExitCode, result.Output));
            Assert.Contains("does not exist", result.Errors);
        }

        Assert.False(Directory.Exists(_scratch.Data));
    }

    [Fact]
    public async Task Serve_SecondProcessOnTheDataFolder_ExitsWith3AndSaysWhoHasIt()
    {
        var (server, address) = await CliProgram.ServeAsync("--data", _scratch.Data);
        using (server)
        {
            var second = await CliProgram.RunAsync("serve", "--data", _scratch.Data, "--listen", "http://127.0.0.1:0");
            Assert.Equal((3, ""), (second.ExitCode, second.Output));
            Assert.Contains(address, second.Errors);
        }
    }

    [Fact]
    public async Task Serve_OnAnAddressInUse_ExitsWith3()
    {
        var (server, address) = await CliProgram.ServeAsync("--data", _scratch.Data);
        using (server)
        {
            var second = await CliProgram.RunAsync("serve", "--data", _scratch.Data + "-2", "--listen", address);
            Assert.Equal(3, second.ExitCode);
            Assert.Contains("is in use", second.Errors);
            Assert.Single(second.Errors.TrimEnd().Split('\n'));
        }
    }

    [Fact]
    public async Task Serve_KilledBefore_IsNotTakenForRunning()
    {
        var (server, address) = await CliProgram.ServeAsync("--data", _scratch.Data);
        using (server)
            await server.KillAsync();
        var status = await CliProgram.RunAsync("status", "--data", _scratch.Data, "--json");
        Assert.Equal(0, status.ExitCode);
        Assert.False(status.Json.GetProperty("running").GetBoolean());
        Assert.DoesNotContain(address, status.Output);
    }

    [Fact]
    public async Task Serve_OnATerminal_ShowsTheLinkWithTheTokenAtEachStart()
    {
        var token = new string('t', 43);
        Directory.CreateDirectory(_scratch.Data);
        await File.WriteAllTextAsync(Path.Join(_scratch.Data, "access-token"), token);
        var start = await CliProgram.RunOnTerminalAsync("is kept in", CliProgram.ControlC, "serve", "--data", _scratch.Data, "--listen", "http://0.0.0.0:0");
        Assert.Contains($"/?token={token} once", start.Output);

        // In a log there is no token.
        using var logged = CliProgram.Start([], "serve", "--data", _scratch.Data, "--listen", "http://0.0.0.0:0");
        Assert.StartsWith("Vitrine listens on http://", await logged.ReadLineAsync());
        Assert.Contains("/?token=… once", await logged.ReadLineAsync());
    }

    /// <summary>Everybody on the machine sees by which line a browser was started; and whatever it starts has its environment.</summary>
    [Fact]
    public async Task Serve_Open_TellsTheBrowserTheTokenByAFileThatItsOwnerReadsAlone()
    {
        if (!OperatingSystem.IsLinux())
            return; // there the browser is started by another program
        var programs = Directory.CreateDirectory(Path.Join(_scratch.Pictures, "programs")).FullName;
        var (browser, told) = (Path.Join(programs, "xdg-open"), Path.Join(programs, "told"));
        Vitrine.Tests.Indexing.NamedPipe.Make(told);
        await File.WriteAllTextAsync(browser, $"#!/bin/sh\n{{ echo \"$@\"; env; }} > '{told}'\n");
        File.SetUnixFileMode(browser, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        using var server = CliProgram.Start(
            [("PATH", $"{programs}:{Environment.GetEnvironmentVariable("PATH")}"), ("VITRINE_TOKEN", "secret"), ("VITRINE_LOG_LEVEL", "warning")],
            "serve", "--open", "--require-token", "--data", _scratch.Data, "--listen", "http://127.0.0.1:0");
        var address = (await server.ReadLineAsync())!.Split(' ')[^1];
        var lines = (await Task.Run(() => File.ReadAllLines(told)).OrTooLateAsync()).ToList();

        var page = Path.Join(_scratch.Data, "open-in-browser.html");
        var token = await File.ReadAllTextAsync(Path.Join(_scratch.Data, "access-token"));
        Assert.Equal(page, lines[0]);
        Assert.DoesNotContain(lines, line => line.Contains(token, StringComparison.Ordinal) || line.StartsWith("VITRINE_", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("PATH=", StringComparison.Ordinal));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(page));
        Assert.Contains($"url={address}/?token={token}\"", await File.ReadAllTextAsync(page), StringComparison.Ordinal);
        Assert.Equal(0, await server.InterruptAsync());
        Assert.False(File.Exists(page));
    }

    [Fact]
    public async Task Serve_OnAllAddresses_NeedsTheTokenThatItShows()
    {
        using var server = CliProgram.Start([], "serve", "--data", _scratch.Data, "--listen", "http://0.0.0.0:0");
        var status = await WhenRunningAsync();
        Assert.Equal(0, status.ExitCode); // the data folder's own token is found
        var address = status.Json.GetProperty("server").GetString()!;
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"{address}/api/libraries"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var stranger = await CliProgram.RunAsync("status", "--server", address);
        Assert.Equal(3, stranger.ExitCode);
        Assert.Contains("token", stranger.Errors);
        var token = (await File.ReadAllTextAsync(Path.Join(_scratch.Data, "access-token"))).Trim();
        var friend = await CliProgram.RunAsync("status", "--server", address, "--token", token);
        Assert.Equal(0, friend.ExitCode);

        async Task<CliResult> WhenRunningAsync()
        {
            var first = await server.ReadLineAsync();
            Assert.StartsWith("Vitrine listens on http://", first);
            return await CliProgram.RunAsync("status", "--data", _scratch.Data, "--json");
        }
    }
}
