using System.Text.Json;
using Microsoft.Data.Sqlite;
using Vitrine.Cli.Diagnosis;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

public sealed class DoctorTests : IDisposable
{
    private const int Pictures = 6;

    /// <summary>What depends on the machine that runs the tests.</summary>
    private static readonly string[] s_ofTheMachine = ["libvips", "confinement"];

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Doctor_AfterAnImport_FindsEverythingInOrder()
    {
        await ImportAsync();

        var (exitCode, checks, _) = await DoctorAsync();

        Assert.Equal(0, exitCode);
        Assert.Superset(
            new HashSet<string>(["database", "counters", "missing_thumbnails", "orphaned_thumbnails", "rows_without_files", "temporary_files", "inotify_watches", "clock", "disk"]),
            checks.Keys.ToHashSet());
        Assert.All(checks.Where(check => !s_ofTheMachine.Contains(check.Key)), check => Assert.Equal("ok", check.Value.State));
        Assert.StartsWith("a decoder ", checks["confinement"].Detail, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Contains("gains no privileges", checks["confinement"].Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("VITRINE_DATA", checks["confinement"].Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("missing_thumbnails", (await DoctorAsync("--quick")).Checks.Keys);
    }

    [Fact]
    public async Task Doctor_EverythingThatCanBeMended_IsTold_AndRepairMendsIt()
    {
        await ImportAsync();
        var thumbnails = Directory.GetFiles(Path.Join(_scratch.Data, "thumbnails"), "*", SearchOption.AllDirectories);
        File.Delete(thumbnails[0]);
        var orphan = Path.Join(_scratch.Data, "thumbnails", "ab", "cd", $"abcd{new string('0', 60)}.webp");
        Directory.CreateDirectory(Path.GetDirectoryName(orphan)!);
        File.WriteAllText(orphan, "nobody's");
        File.WriteAllText(Path.Join(_scratch.Data, "tmp", $"{new string('a', 64)}.{Guid.CreateVersion7():N}"), "left over");
        // Where the data folder is one that a person keeps as well.
        string[] others = [Path.Join(_scratch.Data, "tmp", "letter.odt"), Path.Join(_scratch.Data, "sums.tmp"), Path.Join(_scratch.Data, "thumbnails", "me.jpg")];
        foreach (var other in others)
            File.WriteAllText(other, "somebody's own");
        Execute("UPDATE progress SET ready = ready + 3, pending = pending - 1");
        var original = File.ReadAllBytes(Path.Join(_scratch.Pictures, "picture-0.png"));

        var sick = await DoctorAsync();
        Assert.Equal(1, sick.ExitCode);
        foreach (var name in new[] { "missing_thumbnails", "orphaned_thumbnails", "temporary_files" })
            Assert.Equal("warning", sick.Checks[name].State);
        Assert.Equal("problem", sick.Checks["counters"].State);

        var mended = await DoctorAsync("--repair");
        Assert.Equal(0, mended.ExitCode);
        Assert.All(mended.Checks.Where(check => !s_ofTheMachine.Contains(check.Key)), check => Assert.Equal("ok", check.Value.State));
        Assert.Equal(3, mended.Repairs.Count(done => done.StartsWith("1 ", StringComparison.Ordinal)));
        Assert.False(File.Exists(orphan));
        Assert.All(others, other => Assert.True(File.Exists(other), other));
        Assert.Equal(1, Number("SELECT pending FROM progress p JOIN libraries l ON l.id = p.id"));

        await CliProgram.RunAsync("import", _scratch.Pictures, "--data", _scratch.Data);
        Assert.Equal(Pictures, Number("SELECT ready FROM progress p JOIN libraries l ON l.id = p.id"));
        Assert.True(File.Exists(thumbnails[0]));
        Assert.Equal(original, File.ReadAllBytes(Path.Join(_scratch.Pictures, "picture-0.png")));
        Assert.Empty((await DoctorAsync("--repair")).Repairs);
    }

    [Fact]
    public async Task Repair_WhileAServerRuns_IsRefusedAndChangesNothing()
    {
        await ImportAsync();
        var left = Path.Join(_scratch.Data, $"backup.db.{Guid.CreateVersion7():N}.tmp");
        var (server, _) = await CliProgram.ServeAsync("--data", _scratch.Data);
        using (server)
        {
            File.WriteAllText(left, "over");
            var refused = await CliProgram.RunAsync("doctor", "--repair", "--data", _scratch.Data);
            Assert.Equal(3, refused.ExitCode);
            Assert.Contains("Another Vitrine uses the data folder", refused.Errors, StringComparison.Ordinal);
            Assert.Equal(0, (await DoctorAsync()).ExitCode);
        }

        Assert.True(File.Exists(left));
    }

    [Fact]
    public async Task Repair_DamagedDatabase_LeavesItAndItsThumbnails()
    {
        await ImportAsync();
        var database = Path.Join(_scratch.Data, "vitrine.db");
        File.WriteAllText(database, "damaged");

        var refused = await CliProgram.RunAsync("doctor", "--repair", "--data", _scratch.Data);

        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("vitrine restore", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("damaged", File.ReadAllText(database));
        Assert.Equal(Pictures, Directory.GetFiles(Path.Join(_scratch.Data, "thumbnails"), "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Doctor_FolderIsAway_NeverPutsItsPicturesBackToWork()
    {
        await ImportAsync();
        Directory.Delete(Path.Join(_scratch.Data, "thumbnails"), recursive: true);
        Directory.Move(_scratch.Pictures, _scratch.Pictures + " away");

        var (_, checks, repairs) = await DoctorAsync("--repair");

        Assert.Contains("folder is away", checks["rows_without_files"].Detail, StringComparison.Ordinal);
        Assert.Empty(repairs);
        Assert.Equal(Pictures, Number("SELECT ready FROM progress p JOIN libraries l ON l.id = p.id"));
    }

    [Fact]
    public async Task Doctor_ClockWasWrong_SaysSo_AndRepairLetsWorkGoOn()
    {
        await ImportAsync();
        Execute("UPDATE assets SET not_before = 9000000000000000 WHERE id = 1"); // in the year 2255

        Assert.Equal("warning", (await DoctorAsync()).Checks["clock"].State);
        await DoctorAsync("--repair");
        Assert.Equal(0, Number("SELECT not_before FROM assets WHERE id = 1"));

        Execute("UPDATE progress SET updated_at = 9000000000000000");
        Assert.Contains("Set the clock", (await DoctorAsync()).Checks["clock"].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_SeveralLibraries_NamesWhatTheServerReadsAndByWhich()
    {
        string[] promised = ["JPEG", "PNG", "WebP", "GIF", "TIFF", "BMP", "AVIF", "SVG"];
        var bundled = new ReadableFormats("/program/libvips.so.42", "8.18.7", promised, ["HEIC", "JXL", "RAW"]);
        var system = new ReadableFormats("libvips.so.42", "8.14.1", ["JPEG", "HEIC", "JXL"], ["RAW"]);

        var magick = new ReadableFormats("ImageMagick", "7.1.2-3", ["JPEG", "AVIF", "HEIC", "JXL"], []);

        foreach (var last in (ReadableFormats?[])[null, magick])
            Assert.EndsWith("SVG by libvips 8.18.7 (/program/libvips.so.42); HEIC, JXL by the system's libvips 8.14.1 (libvips.so.42); not RAW", DecoderChecks.Judge(bundled, system, last).Detail, StringComparison.Ordinal);
        Assert.EndsWith("(/program/libvips.so.42); HEIC, JXL by ImageMagick 7.1.2-3; not RAW", DecoderChecks.Judge(bundled, null, magick).Detail, StringComparison.Ordinal);
        Assert.EndsWith("(/program/libvips.so.42); not HEIC, JXL, RAW", DecoderChecks.Judge(bundled, null, null).Detail, StringComparison.Ordinal);
        Assert.Equal(CheckState.Warning, DecoderChecks.Judge(system with { NotReadable = ["AVIF"] }, null, null).State);
        Assert.Equal(CheckState.Ok, DecoderChecks.Judge(system with { NotReadable = ["AVIF"] }, null, magick).State);
    }

    private Task<CliResult> ImportAsync() => CliProgram.RunAsync("import", _scratch.WritePictures(Pictures), "--data", _scratch.Data);

    private async Task<(int ExitCode, Dictionary<string, (string State, string Detail)> Checks, List<string> Repairs)> DoctorAsync(params string[] options)
    {
        var result = await CliProgram.RunAsync(["doctor", .. options, "--data", _scratch.Data, "--json"]);
        Assert.True(result.Output.Length > 0, result.Errors);
        return (
            result.ExitCode,
            result.Json.GetProperty("checks").EnumerateArray().ToDictionary(Text("name"), check => (Text("state")(check), Text("detail")(check)), StringComparer.Ordinal),
            [.. result.Json.GetProperty("repairs").EnumerateArray().Select(done => done.GetString()!)]);
    }

    private static Func<JsonElement, string> Text(string name) => element => element.GetProperty(name).GetString()!;

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Join(_scratch.Data, "vitrine.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private long Number(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Join(_scratch.Data, "vitrine.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar());
    }
}
