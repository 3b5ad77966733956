using Microsoft.Data.Sqlite;
using Vitrine.Cli;
using Vitrine.Cli.Diagnosis;
using Vitrine.Cli.Selftest;
using Vitrine.Server.Api;
using Vitrine.Server.Tests.Cli;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Selftest;

public sealed class SelftestTests : IDisposable
{
    private readonly TemporaryFolder _scratch = new("vitrine-proofs-");

    private string Data => Path.Join(_scratch.Path, "data");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Selftest_AFewSeconds_PassesAndSaysWhatItDid()
    {
        var result = await CliProgram.RunAsync("selftest", "--minutes", "0.05", "--seed", "3", "--files", "30", "--json");

        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.Equal((true, 3), (result.Json.GetProperty("passed").GetBoolean(), result.Json.GetProperty("seed").GetInt32()));
        Assert.All(result.Json.GetProperty("proofs").EnumerateArray(), proof => Assert.Empty(proof.GetProperty("violations").EnumerateArray()));
    }

    [Theory]
    [InlineData("--minutes", "0")]
    [InlineData("--files", "9")]
    public async Task Selftest_NoTimeOrNoFiles_IsAMistakeInUsage(string option, string value)
    {
        var result = await CliProgram.RunAsync("selftest", option, value);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{option} takes ", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>A proof that cannot fail proves nothing: each is shown what it is there to find.</summary>
    [Fact]
    public async Task Proofs_EachThingSpoiled_IsFoundByItsOwnProofAlone()
    {
        var (folder, library) = await ImportAsync();
        var ready = folder.Files.First(file => file.Value.Outcome.IsReady && file.Key.EndsWith(".jpg", StringComparison.Ordinal)).Key;
        var sound = await BrokenAsync(folder, library);
        Assert.True(sound.Count == 0, string.Join("; ", sound));

        (string Claim, Action Spoil)[] spoilings =
        [
            ("exactly one row", LoseARow),
            ("for its own reason", () => Execute("UPDATE failures SET reason = 'bad luck'")),
            ("for its own reason", () => Execute("UPDATE assets SET claim_owner = 7 WHERE id = 2")),
            ("present content", () => Execute("UPDATE assets SET size = size + 1 WHERE id = 2")),
            ("equals its rows", () => Execute("UPDATE progress SET ready = ready + 1")),
            ("thumbnail that a row names", () => File.WriteAllText(Thumbnails()[0], "RIFF, and nothing behind it")),
            ("thumbnail that a row names", () => File.Delete(Thumbnails()[0])),
            ("no temporary file", () => File.WriteAllText(Path.Join(Data, "tmp", "left"), "over")),
            ("database is whole", () => Execute("PRAGMA foreign_keys=OFF; INSERT INTO embeddings (space_id, asset_id, vector) VALUES (1, 4711, x'00')")),
            ("original was touched", () => ReverseContent(folder.Full(ready))),
        ];
        foreach (var (claim, spoil) in spoilings)
        {
            var aside = Keep();
            var broken = await SpoiledAsync(folder, library, spoil, ready);
            Assert.True(broken.Count > 0 && broken.All(proof => proof.Contains(claim, StringComparison.Ordinal)), $"{claim}: {string.Join("; ", broken)}");
            PutBack(aside);
        }
    }

    private async Task<List<string>> SpoiledAsync(TestedFolder folder, LibraryItem library, Action spoil, string ready)
    {
        var file = folder.Full(ready);
        var (content, time) = (File.ReadAllBytes(file), File.GetLastWriteTimeUtc(file));
        spoil();
        var counts = library.Progress with
        {
            Total = Number("SELECT COUNT(*) FROM assets"),
            Ready = Number("SELECT COUNT(*) FROM assets WHERE status = 3"),
            Failed = Number("SELECT COUNT(*) FROM assets WHERE status = 4"),
        };
        var broken = await BrokenAsync(folder, library with { Progress = counts });
        File.WriteAllBytes(file, content);
        File.SetLastWriteTimeUtc(file, time);
        return broken;
    }

    /// <summary>The same size and time: only the content tells.</summary>
    private static void ReverseContent(string file)
    {
        var time = File.GetLastWriteTimeUtc(file);
        File.WriteAllBytes(file, [.. File.ReadAllBytes(file).Reverse()]);
        File.SetLastWriteTimeUtc(file, time);
    }

    private async Task<(TestedFolder Folder, LibraryItem Library)> ImportAsync()
    {
        var random = new Random(5);
        var stock = Directory.CreateDirectory(Path.Join(_scratch.Path, "stock")).FullName;
        var (exitCode, _, errors) = await ChildProgram.RunAsync(["selftest", stock], Patience.Limit, Token);
        Assert.True(exitCode == 0, errors);
        var folder = new TestedFolder(Path.Join(_scratch.Path, "folder"), new FileMaker(stock, random), random);
        folder.Fill(30);
        await using var ordeal = new Ordeal(folder, Data, random, TimeProvider.System);
        await ordeal.BeginAsync(Token);
        var library = await ordeal.SettleAsync(Token);
        await ordeal.EndAsync();
        Assert.Empty(ordeal.Misbehaviour);
        return (folder, library);
    }

    private async Task<List<string>> BrokenAsync(TestedFolder folder, LibraryItem library) =>
    [
        .. (await new Proofs(folder, Data, library).AllAsync([], Token)).Where(proof => !proof.Holds)
            .Select(proof => $"{proof.Claim}: {string.Join(", ", proof.Violations)}"),
    ];

    /// <summary>With all that hangs on it, so that nothing but the missing row tells.</summary>
    private void LoseARow()
    {
        Execute("PRAGMA foreign_keys=ON; DELETE FROM assets WHERE id = 1");
        using var connection = Open();
        Assert.NotEqual(0, CounterAudit.Mend(connection));
    }

    private string[] Thumbnails() => [.. Directory.GetFiles(Path.Join(Data, "thumbnails"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private string Keep()
    {
        var aside = Path.Join(_scratch.Path, "aside");
        Copy(Data, aside);
        return aside;
    }

    private void PutBack(string aside)
    {
        Directory.Delete(Data, recursive: true);
        Directory.Move(aside, Data);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Join(to, Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(from))
            Copy(folder, Path.Join(to, Path.GetFileName(folder)));
    }

    private void Execute(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private long Number(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar());
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path.Join(Data, "vitrine.db")};Pooling=False");
        connection.Open();
        return connection;
    }
}
