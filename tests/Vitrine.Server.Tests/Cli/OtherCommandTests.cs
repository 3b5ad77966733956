using System.Net;
using System.Net.Sockets;
using Vitrine.Cli;
using Vitrine.Cli.Samples;
using Vitrine.Images.Magick;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

public sealed class OtherCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Failures_AfterABrokenFile_ListIt_AndRetryTriesItAgain()
    {
        _scratch.WritePictures(1);
        var broken = _scratch.WriteBroken("broken.png");
        await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data);
        var failures = await CliProgram.RunAsync("failures", "--data", _scratch.Data, "--json");
        var failure = Assert.Single(failures.Json.GetProperty("items").EnumerateArray());
        Assert.Equal((0, "broken.png"), (failures.ExitCode, failure.GetProperty("path").GetString()));

        var again = await CliProgram.RunAsync("retry", "--all", "--data", _scratch.Data, "--json");
        Assert.Equal((1, 1), (again.ExitCode, again.Json.GetProperty("failures").GetArrayLength()));

        File.Copy(Path.Join(_scratch.Pictures, "picture-0.png"), broken, overwrite: true);
        var id = failure.GetProperty("asset_id").GetInt64().ToString();
        var mended = await CliProgram.RunAsync("retry", id, "--data", _scratch.Data, "--json");
        Assert.Equal((0, 0), (mended.ExitCode, mended.Json.GetProperty("failures").GetArrayLength()));
        Assert.Equal("No file failed and none was skipped.", (await CliProgram.RunAsync("failures", "--data", _scratch.Data)).Output.Trim());
    }

    [Fact]
    public async Task Output_NamesWithControlCharacters_ArriveCleaned()
    {
        const string Evil = "da\u001b[31mta";
        var status = await CliProgram.RunAsync("status", "--data", Path.Join(_scratch.Pictures, Evil));
        var import = await CliProgram.RunAsync("import", Path.Join(_scratch.Pictures, "no" + Evil), "--data", _scratch.Data);

        Assert.Equal((0, 2), (status.ExitCode, import.ExitCode));
        foreach (var said in (string[])[status.Output, import.Errors])
        {
            Assert.Contains("da\uFFFD[31mta", said, StringComparison.Ordinal);
            Assert.DoesNotContain('\u001b', said);
        }
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("retry", "7", "--all")]
    [InlineData("import")]
    [InlineData("status", "--colour")]
    [InlineData("status", "--data", "/tmp", "--server", "http://127.0.0.1:1")]
    [InlineData("status", "--server", "nonsense")]
    public async Task Usage_Wrong_ExitsWith2AndPrintsNothingOnOutput(params string[] arguments)
    {
        var result = await CliProgram.RunAsync(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("vitrine: ", result.Errors);
    }

    [Fact]
    public async Task Doctor_OnNothingYet_ChecksAllAndMakesNothing()
    {
        var result = await CliProgram.RunAsync("doctor", "--data", _scratch.Data, "--json");
        Assert.Equal(0, result.ExitCode);
        var checks = result.Json.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!, check => check.GetProperty("detail").GetString()!);
        Assert.Superset(new HashSet<string> { "dotnet", "sqlite", "libvips", "decoder", "data_folder", "database", "disk", "clock" }, checks.Keys.ToHashSet());
        if (MagickLibrary.IsInstalled)
            Assert.DoesNotMatch("; not .*(HEIC|JXL)", checks["libvips"]);
        Assert.False(Directory.Exists(_scratch.Data));
    }

    [Fact]
    public async Task Doctor_WithDamagedDatabase_SaysSoAndExitsWith1()
    {
        await CliProgram.RunAsync("import", _scratch.WritePictures(20), "--data", _scratch.Data);
        var file = Path.Join(_scratch.Data, "vitrine.db");
        File.Delete(file + "-wal"); // what is not in the file yet would cover the damage
        await using (var stream = File.OpenWrite(file))
            stream.Write(Enumerable.Repeat((byte)0x5A, 4000).ToArray());
        var result = await CliProgram.RunAsync("doctor", "--data", _scratch.Data, "--json");
        Assert.Equal(1, result.ExitCode);
        var database = result.Json.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "database");
        Assert.Equal("problem", database.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Demo_PictureThatCannotBeWritten_SaysWhy()
    {
        var folder = Path.Join(_scratch.Pictures, "demo");
        foreach (var picture in SampleCatalogue.Pictures())
            Directory.CreateDirectory(Path.Join(folder, picture.Path)); // a folder where a file should be

        var demo = await CliProgram.RunAsync("demo", folder, "--no-serve", "--data", _scratch.Data);

        Assert.Equal(ExitCode.CouldNotRun, demo.ExitCode);
        Assert.Contains(folder, demo.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", demo.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_OfTheDisk_IsToldInOneLineAndAMistakeIsNot()
    {
        var tooLarge = Record.Exception(() =>
        {
            using var file = File.OpenHandle(Path.Join(_scratch.Pictures, "large"), FileMode.Create, FileAccess.Write);
            RandomAccess.SetLength(file, long.MaxValue);
        });

        Assert.StartsWith("The file system takes no more of this file", CommandLine.RefusalOrNull(tooLarge!), StringComparison.Ordinal);
        Assert.Equal("no room", CommandLine.RefusalOrNull(new IOException("no room")));
        Assert.Null(CommandLine.RefusalOrNull(new InvalidOperationException("a mistake")));
    }

    [Fact]
    public async Task Demo_MakesPicturesAndModelsThatAllCanBeRead()
    {
        var folder = Path.Join(_scratch.Pictures, "demo");
        var demo = await CliProgram.RunAsync("demo", folder, "--no-serve", "--data", _scratch.Data);
        Assert.Equal(0, demo.ExitCode);
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".xmp", StringComparison.Ordinal)).ToList();
        Assert.InRange(files.Count, 110, 200);
        Assert.Superset(new HashSet<string> { ".jpg", ".png", ".webp", ".svg", ".stl", ".obj", ".ply", ".glb" }, files.Select(file => Path.GetExtension(file)).ToHashSet());
        var import = await CliProgram.RunAsync("import", folder, "--data", _scratch.Data, "--json");
        Assert.Equal((0, files.Count), (import.ExitCode, import.Json.GetProperty("ready").GetInt32()));

        // The comparison is a server of its own: one that listens where servers do is not in its way, and nothing of it stays.
        using var usual = new TcpListener(IPAddress.Loopback, 7878);
        try
        {
            usual.Start();
        }
        catch (SocketException)
        {
            // a real one is there, which is as good
        }

        var temporary = Directory.CreateDirectory(Path.Join(_scratch.Pictures, "..", "temporary")).FullName;
        var compared = await CliProgram.RunAsync([("TMPDIR", temporary), ("VITRINE_LISTEN", "")], "demo", folder, "--compare", "--no-serve", "--data", _scratch.Data);
        Assert.True(compared.ExitCode == 0, compared.Errors);
        Assert.Matches($@"all {files.Count} files\s+The blocking way\s+\d+\.\d s\s+\d+\.\d s\s+Vitrine's way\s+\d+\.\d s\s+\d+\.\d s", compared.Output);
        Assert.Empty(Directory.GetDirectories(temporary, "vitrine-compare-*"));
    }

    [Fact]
    public async Task Version_IsOneLine()
    {
        var result = await CliProgram.RunAsync("--version");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", result.Output);
    }

    [Fact]
    public async Task Help_ListsCommands_ButNotHiddenOnes()
    {
        var result = await CliProgram.RunAsync("--help");
        Assert.Equal(0, result.ExitCode);
        foreach (var command in new[] { "serve", "import", "status", "failures", "retry", "doctor", "backup", "restore", "selftest", "demo" })
            Assert.Contains($"  {command} ", result.Output);
        Assert.DoesNotContain("decoder", result.Output);
        Assert.DoesNotContain("openapi", result.Output);
    }
}
