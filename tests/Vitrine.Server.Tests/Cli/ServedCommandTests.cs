using Vitrine.Cli.Output;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

/// <summary>Commands that ask a server which runs: search, open, token, failures by library, and what they say of what is not there.</summary>
public sealed class ServedCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly SamplePictures _pictures = new();

    public void Dispose()
    {
        _scratch.Dispose();
        _pictures.Dispose();
    }

    [Fact]
    public async Task Commands_OnTwoLibraries_SayWhichIsMeant()
    {
        _pictures.Jpeg("good.jpg", 40, 30, seed: 1);
        File.WriteAllText(Path.Join(_pictures.Folder, "bad.jpg"), "");
        var more = Directory.CreateDirectory(Path.Join(_scratch.Pictures, "more")).FullName;
        File.WriteAllText(Path.Join(more, "worse.png"), new string('y', 200));
        var odd = Directory.CreateDirectory(Path.Join(_scratch.Pictures, "odd")).FullName;
        File.WriteAllText(Path.Join(odd, "we\eird\n.stl"), "solid a\nendsolid a\n");
        File.CreateSymbolicLink(Path.Join(odd, "away.jpg"), "/etc/hostname"); // skipped
        await using var server = await RunningServer.StartAsync();
        var first = await server.ImportAsync(_pictures.Folder);
        var second = await server.ImportAsync(more);
        await server.ImportAsync(odd);
        var address = server.Address.ToString().TrimEnd('/');

        var found = await CommandRun.RunAsync("search", ".jpg", "--server", address);
        Assert.Equal((0, $"{_pictures.Folder}/bad.jpg\n{_pictures.Folder}/good.jpg\n", ""), (found.ExitCode, found.Output, found.Errors));
        var limited = await CommandRun.RunAsync("search", "kind:image", "--limit", "1", "--server", address, "--json");
        Assert.Equal((3, 1), (limited.Json.GetProperty("total").GetInt32(), limited.Json.GetProperty("items").GetArrayLength()));
        var one = await CommandRun.RunAsync("search", "kind:image", "--library", "more", "--server", address, "--json");
        Assert.Equal("worse.png", Assert.Single(one.Json.GetProperty("items").EnumerateArray()).GetProperty("asset").GetProperty("path").GetString());
        Assert.Equal("Nothing matches 'zebra'.\n", (await CommandRun.RunAsync("search", "zebra", "--server", address)).Errors);
        Assert.Equal($"{odd}/we\eird\n.stl\0", (await CommandRun.RunAsync("search", "ird", "--null", "--server", address)).Output);
        var longest = await CommandRun.RunAsync("search", new string('字', 10_000), "--server", address); // nine bytes each in an address
        Assert.Equal(0, longest.ExitCode);
        Assert.StartsWith("Nothing matches '字", longest.Errors, StringComparison.Ordinal);

        var failures = await CommandRun.RunAsync("failures", "--server", address);
        Assert.Contains($", {_pictures.Folder}\n1 failed:\n  bad.jpg (asset ", failures.Output, StringComparison.Ordinal);
        Assert.Contains($"more, {more}\n1 failed:\n  worse.png (asset ", failures.Output, StringComparison.Ordinal);
        Assert.All(failures.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 200));
        var nope = await CommandRun.RunAsync("failures", "--reason", "nope", "--server", address);
        Assert.StartsWith("No failure has the reason 'nope'. Known: '", nope.Output, StringComparison.Ordinal);
        var retried = await CommandRun.RunAsync("retry", "--all", "--reason", "nope", "--server", address);
        Assert.StartsWith("No failure has the reason 'nope'. Known: '", retried.Output, StringComparison.Ordinal);
        var elsewhere = await CommandRun.RunAsync("retry", "--library", "more", "--reason", "empty", "--server", address);
        Assert.Equal("No failure has the reason 'empty'. Known: 'not_a_picture'.\n", elsewhere.Output);
        Assert.Equal("No file failed.\n", (await CommandRun.RunAsync("failures", "--library", "odd", "--reason", "nope", "--server", address)).Output);

        var hidden = await CommandRun.RunAsync("import", more, "--include-hidden", "--server", address);
        Assert.Contains($"{more} is a library without hidden files already, and stays so.", hidden.Errors, StringComparison.Ordinal);
        var renamed = await CommandRun.RunAsync("rename", "odd", "Curious things", "--server", address);
        Assert.Equal((0, "'odd' is called 'Curious things' now.\n"), (renamed.ExitCode, renamed.Output));
        Assert.Equal("Curious things", (await CommandRun.RunAsync("rename", "curious things", "Curious things", "--server", address, "--json")).Json.GetProperty("name").GetString());

        var id = await server.IdOfAsync(second, "worse.png");
        Assert.Equal($"{address}/libraries/{second}/assets/{id}\n", (await CommandRun.RunAsync("open", $"{id}", "--print", "--server", address)).Output);
        Assert.Equal($"{address}/libraries/{second}\n", (await CommandRun.RunAsync("open", "more", "--print", "--server", address)).Output);
        Assert.Equal($"{address}/\n", (await CommandRun.RunAsync("open", "--print", "--server", address)).Output);

        foreach (var (arguments, said) in new (string[], string)[]
        {
            (["open", "99999", "--print"], "There is no asset 99999."),
            (["retry", "99999"], "There is no asset 99999."),
            (["jobs", "cancel", "none"], "There is no job 'none'."),
            (["jobs", $"scan:{first}0"], $"Did you mean scan:{first}?"),
            (["search", "status:broken"], "'broken' is not a status."),
            (["pause", "mroe"], "There is no library 'mroe'. Did you mean more?"),
        })
        {
            var result = await CommandRun.RunAsync([.. arguments, "--server", address]);
            Assert.Equal((2, ""), (result.ExitCode, result.Output));
            Assert.Contains(said, result.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("page", result.Errors, StringComparison.Ordinal);
        }
    }

    /// <summary>Everybody on the machine sees by which line a browser was started: the token stands in a file that its owner reads alone.</summary>
    [Fact]
    public async Task Open_ServerThatAsksForTheToken_LeadsTheBrowserInByAFile()
    {
        if (!OperatingSystem.IsLinux())
            return; // there the browser is started by another program
        var programs = Directory.CreateDirectory(Path.Join(_scratch.Pictures, "programs")).FullName;
        var (browser, told, path) = (Path.Join(programs, "xdg-open"), Path.Join(programs, "told"), Environment.GetEnvironmentVariable("PATH"));
        Vitrine.Tests.Indexing.NamedPipe.Make(told);
        await File.WriteAllTextAsync(browser, $"#!/bin/sh\necho \"$@\" > '{told}'\n");
        File.SetUnixFileMode(browser, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{programs}:{path}");
        try
        {
            await using (var server = await RunningServer.StartAsync(_scratch.Data, new ServerOptions { RequireToken = true }))
            {
                var (address, token) = (server.Address.ToString().TrimEnd('/'), server.Server.Token!.Value);
                server.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
                var library = await server.AddAsync(_pictures.Folder);
                var page = Path.Join(_scratch.Data, "open-in-browser.html");

                Assert.Equal(page, await OpenedAsync("--data", _scratch.Data));
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(page));
                Assert.Contains($"url={address}/?token={token}&amp;to=%2Flibraries%2F{library}\"", await File.ReadAllTextAsync(page), StringComparison.Ordinal);
                Assert.Equal($"{address}/libraries/{library}", await OpenedAsync("--server", address, "--token", token)); // its data folder is not known

                async Task<string> OpenedAsync(params string[] connection)
                {
                    var read = Task.Run(() => File.ReadAllText(told));
                    var opened = await CommandRun.RunAsync(["open", Path.GetFileName(_pictures.Folder), .. connection]);
                    Assert.Equal((0, $"{address}/libraries/{library}\n", ""), (opened.ExitCode, opened.Output, opened.Errors));
                    return (await read.OrTooLateAsync()).TrimEnd();
                }
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    [Fact]
    public void AtAGlance_LongReasonWithControlCodes_IsOneShortLine()
    {
        var shown = TerminalText.AtAGlance($"damaged: {new string('a', 300)}\nsecond line");

        Assert.Equal(100, shown.Length);
        Assert.EndsWith("…", shown, StringComparison.Ordinal);
        Assert.Equal("a\uFFFDb", TerminalText.OneLine("a\eb"));
    }

    [Fact]
    public async Task Change_WithoutAServer_NeverMakesAnotherToken()
    {
        Directory.CreateDirectory(_scratch.Data);
        var file = Path.Join(_scratch.Data, "access-token");
        var token = new string('t', 43);
        File.WriteAllText(file, token);
        Environment.SetEnvironmentVariable("VITRINE_NEW_TOKEN", "true");
        Environment.SetEnvironmentVariable("VITRINE_REQUIRE_TOKEN", "true");
        try
        {
            var paused = await CommandRun.RunAsync("pause", "none", "--data", _scratch.Data);

            Assert.Contains("There is no library 'none'.", paused.Errors, StringComparison.Ordinal);
            Assert.Equal(token, File.ReadAllText(file));
        }
        finally
        {
            Environment.SetEnvironmentVariable("VITRINE_NEW_TOKEN", null);
            Environment.SetEnvironmentVariable("VITRINE_REQUIRE_TOKEN", null);
        }
    }

    [Fact]
    public async Task Import_EmptyFolder_SaysThatThereIsNothingInIt()
    {
        var result = await CommandRun.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data);

        Assert.Equal((0, $"No pictures or models in {_scratch.Pictures} ('pictures').\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Token_ServerForOthers_ShowsTheLinkAndMakesAnotherToken()
    {
        var none = await CommandRun.RunAsync("token", "--data", _scratch.Data);
        Assert.Equal(3, none.ExitCode);
        Assert.Equal(3, (await CommandRun.RunAsync("token", "--new", "--data", _scratch.Data)).ExitCode);
        Assert.Equal(3, (await CommandRun.RunAsync("open", "--print", "--data", _scratch.Data)).ExitCode);
        Assert.False(Directory.Exists(_scratch.Data));
        await using var server = await RunningServer.StartAsync(_scratch.Data, new ServerOptions { Listen = "http://0.0.0.0:0" });
        var file = Path.Join(_scratch.Data, "access-token");
        var first = File.ReadAllText(file);

        var shown = await CommandRun.RunAsync("token", "--data", _scratch.Data);
        Assert.Equal($"http://{Environment.MachineName}:{server.Address.Port}/?token={first}\n", shown.Output);
        var renewed = await CommandRun.RunAsync("token", "--new", "--data", _scratch.Data, "--json");
        Assert.Equal(File.ReadAllText(file), renewed.Json.GetProperty("token").GetString());
        Assert.NotEqual(first, File.ReadAllText(file));
        Assert.Equal($"http://{Environment.MachineName}:{server.Address.Port}/?token={File.ReadAllText(file)}", renewed.Json.GetProperty("link").GetString()); // the server takes it at once
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(0, (await CommandRun.RunAsync("status", "--data", _scratch.Data)).ExitCode);
        var stranger = await CommandRun.RunAsync("status", "--server", server.Address.ToString(), "--token", "wrong");
        Assert.Equal(3, stranger.ExitCode);
        Assert.Contains("'vitrine token'", stranger.Errors, StringComparison.Ordinal);
    }

    /// <summary>Behind a proxy a server on loopback asks for the token; without options it asks for none, though a token is left of a former start.</summary>
    [Fact]
    public async Task Token_ServerOnLoopback_SaysWhatTheServerAsksFor()
    {
        string token;
        await using (var server = await RunningServer.StartAsync(_scratch.Data, new ServerOptions { AllowedHosts = ["photos.example"] }))
        {
            token = server.Server.Token!.Value;
            var behind = await CommandRun.RunAsync("token", "--data", _scratch.Data);
            Assert.Equal($"http://127.0.0.1:{server.Address.Port}/?token={token}\n", behind.Output);
            Assert.Contains("https://NAME/?token=…", behind.Errors, StringComparison.Ordinal);
        }

        await using (await RunningServer.StartAsync(_scratch.Data))
        {
            var open = await CommandRun.RunAsync("token", "--data", _scratch.Data);
            Assert.Equal((0, $"{token}\n"), (open.ExitCode, open.Output));
            Assert.Contains("asks for no token", open.Errors, StringComparison.Ordinal);
        }

        var alone = await CommandRun.RunAsync("token", "--data", _scratch.Data);
        Assert.Equal((0, $"{token}\n"), (alone.ExitCode, alone.Output));
        Assert.Contains("No server runs", alone.Errors, StringComparison.Ordinal);
    }
}
