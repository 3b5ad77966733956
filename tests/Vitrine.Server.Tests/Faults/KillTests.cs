using System.Text.Json;
using Microsoft.Data.Sqlite;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Faults;

/// <summary>kill -9 and SIGTERM at the real process, in each phase: nothing lost, nothing twice, everything becomes ready.</summary>
public sealed class KillTests : IDisposable
{
    private const int Files = 120;

    private readonly TemporaryFolder _data = new("vitrine-data-");
    private readonly SamplePictures _pictures = new();

    public void Dispose()
    {
        _pictures.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Kill_DuringTheScan_LosesNothing()
    {
        for (var i = 0; i < 8000; i++)
            File.WriteAllText(Path.Join(Directory.CreateDirectory(_pictures.PathOf($"{i % 40}")).FullName, $"{i}.stl"), "solid a\nendsolid a\n");
        string library;
        await using (var vitrine = await VitrineProcess.StartAsync(_data.Path))
        {
            library = await vitrine.AddAsync(_pictures.Folder);
            await vitrine.FollowAsync(library, snapshot => Number(snapshot, "total") > 0);
            await vitrine.KillAsync();
        }

        await using (var vitrine = await VitrineProcess.StartAsync(_data.Path))
        {
            var last = await vitrine.FinishedAsync(library);
            Assert.Equal(("complete", 8000L, 8000L), (Text(last, "status"), Number(last, "total"), Number(last, "ready")));
        }

        AssertWhole(8000);
    }

    [Theory]
    [InlineData("metadata")]
    [InlineData("embedding")]
    [InlineData("every phase in turn")]
    public async Task Kill_DuringTheWork_EverythingBecomesReadyOnce(string phase)
    {
        for (var i = 0; i < Files; i++)
            _pictures.Jpeg($"{i}.jpg", 300, 200, seed: i);
        string? library = null;
        int[] progress = phase switch
        {
            "metadata" => [10],
            "embedding" => [],
            _ => [1, 20, 50, 90, Files],
        };
        if (phase == "embedding")
        {
            // A process with both stages embeds what it reads; what another process has only read is embedded afterwards.
            await using var reader = await VitrineProcess.StartStagesAsync(_data.Path, "metadata");
            library = await reader.AddAsync(_pictures.Folder);
            await reader.FollowAsync(library, snapshot => Number(snapshot, "indexed") == Files);
            Assert.Equal(0, await reader.TerminateAsync());
            await using var embedder = await VitrineProcess.StartAsync(_data.Path);
            await embedder.FollowAsync(library, snapshot => Number(snapshot, "embedding") + Number(snapshot, "ready") > 0);
            await embedder.KillAsync();
        }

        foreach (var past in progress)
        {
            await using var vitrine = await VitrineProcess.StartAsync(_data.Path);
            library ??= await vitrine.AddAsync(_pictures.Folder);
            await vitrine.FollowAsync(library, snapshot => !snapshot.GetProperty("scanning").GetBoolean() && Files - Number(snapshot, "pending") >= past);
            await vitrine.KillAsync();
        }

        await using (var vitrine = await VitrineProcess.StartAsync(_data.Path))
        {
            var last = await vitrine.FinishedAsync(library!);
            Assert.Equal(("complete", (long)Files, (long)Files), (Text(last, "status"), Number(last, "total"), Number(last, "ready")));
            Assert.Equal(0, await vitrine.TerminateAsync());
        }

        AssertWhole(Files);
        Assert.Equal(Files, Query("SELECT COUNT(*) FROM embeddings"));
        var thumbnails = Directory.GetFiles(Path.Join(_data.Path, "thumbnails"), "*", SearchOption.AllDirectories);
        Assert.Equal(Files, thumbnails.Length);
        Assert.All(thumbnails, AssertWholeWebP);
        Assert.Empty(Directory.GetFiles(Path.Join(_data.Path, "tmp")));
    }

    [Fact]
    public async Task Kill_Process_TakesItsDecodersWithIt()
    {
        _pictures.Jpeg("hang.jpg", 40, 30);
        await using var vitrine = await VitrineProcess.StartAsync(_data.Path, faults: "hang:hang.jpg");
        var library = await vitrine.AddAsync(_pictures.Folder);
        var decoders = await Eventually(() => ChildrenOf(vitrine.Id), children => children.Length > 0);

        await vitrine.KillAsync();

        // A hanging decoder reads no end of its input: the system must end it with its parent.
        await Eventually(() => decoders.Where(id => Directory.Exists($"/proc/{id}")).ToArray(), left => left.Length == 0);
        Assert.NotEmpty(library);
    }

    [Fact]
    public async Task Terminate_InTheMiddle_HandsBackWithoutSpendingAttempts()
    {
        for (var i = 0; i < Files; i++)
            _pictures.Jpeg($"{i}.jpg", 300, 200, seed: i);
        string library;
        await using (var vitrine = await VitrineProcess.StartAsync(_data.Path))
        {
            library = await vitrine.AddAsync(_pictures.Folder);
            await vitrine.FollowAsync(library, snapshot => Number(snapshot, "total") - Number(snapshot, "pending") >= 10);
            Assert.Equal(0, await vitrine.TerminateAsync());
        }

        Assert.Equal(0, Query("SELECT COUNT(*) FROM assets WHERE claim_owner IS NOT NULL OR attempts > 0"));
        Assert.Equal(0, Query("SELECT COUNT(*) FROM workers"));
        Assert.Equal(0, Query("SELECT COUNT(*) FROM failures"));
        Assert.False(File.Exists(Path.Join(_data.Path, "address")));
        await using (var vitrine = await VitrineProcess.StartAsync(_data.Path))
            Assert.Equal(Files, Number(await vitrine.FinishedAsync(library), "ready"));
        AssertWhole(Files);
    }

    [Fact]
    public async Task Start_OnADataFolderInUse_IsRefusedClearlyAndHarmsNobody()
    {
        await using var first = await VitrineProcess.StartAsync(_data.Path);

        var (exitCode, errors) = await VitrineProcess.FailToStartAsync(_data.Path);

        Assert.Equal(3, exitCode);
        Assert.Contains("Another Vitrine uses the data folder", errors, StringComparison.Ordinal);
        Assert.Contains(first.Address.GetLeftPart(UriPartial.Authority), errors, StringComparison.Ordinal);
        await first.GetAsync("/api/health");
        Assert.True(File.Exists(Path.Join(_data.Path, "address")));
    }

    [Theory]
    [InlineData("mount -t tmpfs -o ro none \"$0\"")]
    [InlineData("chmod 500 \"$0\" && exec setpriv --bounding-set=-all --inh-caps=-all \"$@\"")]
    public async Task Start_OnADataFolderThatCannotBeWritten_SaysWhyAndNotThatItIsInUse(string closing)
    {
        Assert.SkipUnless(Environment.UserName == "root" && Shell.Has("unshare") && Shell.Has("setpriv"), "a read-only disk can be mounted by root only");
        var (exitCode, errors) = await VitrineProcess.FailToStartAsync(
            _data.Path, "unshare", "--mount", "--propagation", "private", "bash", "-c", $"{closing} && exec \"$@\"", _data.Path);

        Assert.Equal(3, exitCode);
        Assert.Contains("cannot be written", errors, StringComparison.Ordinal);
        Assert.Contains(_data.Path, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Another Vitrine", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_FolderWithoutPermission_IsListedAndKeepsWhatIsKnown()
    {
        Assert.SkipUnless(Shell.Has("setpriv"), "setpriv is not installed");
        // Even root is held to permissions once it has no capabilities.
        string[] through = Environment.UserName == "root" ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : [];
        Directory.CreateDirectory(_pictures.PathOf("closed/deeper"));
        _pictures.Jpeg("open.jpg", 40, 30);
        _pictures.Jpeg("gone.jpg", 40, 30, seed: 2);
        _pictures.Jpeg("closed/known.jpg", 40, 30, seed: 3);
        _pictures.Jpeg("closed/deeper/known.jpg", 40, 30, seed: 4);
        _pictures.Jpeg("unreadable.jpg", 40, 30, seed: 5);
        await using var vitrine = await VitrineProcess.StartUnwatchedAsync(_data.Path, through);
        await Shell.RunAsync("chmod 000 \"$1\"/unreadable.jpg", _pictures.Folder);
        var library = await vitrine.AddAsync(_pictures.Folder);
        Assert.Equal(4, Number(await vitrine.FinishedAsync(library), "ready"));
        var failure = (await vitrine.GetAsync($"/api/failures?library={library}")).GetProperty("items")[0];
        Assert.Equal("unreadable.jpg", Text(failure, "path"));
        Assert.Equal("no_permission", Text(failure, "class"));

        File.Delete(_pictures.PathOf("gone.jpg"));
        await Shell.RunAsync("chmod 000 \"$1\"/closed", _pictures.Folder);
        var scan = await vitrine.Http.PostAsync($"/api/libraries/{library}/scan", null, TestContext.Current.CancellationToken);
        Assert.True(scan.IsSuccessStatusCode, $"{scan.StatusCode}");
        await vitrine.FinishedAsync(library);
        await Shell.RunAsync("chmod 755 \"$1\"/closed", _pictures.Folder);

        var page = await vitrine.GetAsync($"/api/libraries/{library}/assets");
        Assert.Equal(
            ["closed/deeper/known.jpg", "closed/known.jpg", "open.jpg", "unreadable.jpg"],
            page.GetProperty("items").EnumerateArray().Select(item => Text(item, "path")).Order(StringComparer.Ordinal));
        var skipped = (await vitrine.GetAsync($"/api/failures?library={library}")).GetProperty("skipped")[0];
        Assert.Equal("closed", Text(skipped, "path"));
        Assert.Contains("cannot be read", Text(skipped, "reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_WithAFullDiskForThumbnails_WaitsUntilThereIsRoom()
    {
        Assert.SkipUnless(Environment.UserName == "root" && Shell.Has("unshare") && Shell.Has("nsenter"), "a small disk can be mounted by root only");
        for (var i = 0; i < 30; i++)
            _pictures.Jpeg($"{i}.jpg", 600, 400, seed: i);
        File.WriteAllText(_pictures.PathOf("model.stl"), "solid a\nendsolid a\n");
        var small = Directory.CreateDirectory(Path.Join(_data.Path, "thumbnails")).FullName;
        await using var vitrine = await VitrineProcess.StartAsync(
            _data.Path, null, "unshare", "--mount", "--propagation", "private", "bash", "-c", $"mount -t tmpfs -o size=64k none '{small}' && exec \"$@\"", "bash");
        var library = await vitrine.AddAsync(_pictures.Folder);
        await vitrine.FollowAsync(library, snapshot => Number(snapshot, "ready") > 0);
        await Patience.UntilAsync(() => Query("SELECT COUNT(*) FROM assets WHERE status = 0 AND not_before > 0") > 0);
        Assert.Equal(0, Query("SELECT COUNT(*) FROM assets WHERE not_before > 0 AND claim_owner IS NULL AND attempts > 0"));
        await Patience.UntilAsync(async () => await WorkAsync(vitrine) is var said && said.Contains($"{_data.Path} cannot be written", StringComparison.Ordinal) && said.Contains("the disk is full", StringComparison.Ordinal));

        await Shell.RunAsync("nsenter -t \"$1\" -m mount -o remount,size=64m \"$2\"", $"{vitrine.Id}", small);

        var last = await vitrine.FinishedAsync(library);
        Assert.Equal((31L, 31L), (Number(last, "total"), Number(last, "ready"))); // no file is to blame for a full disk, however long it lasts
        Assert.Empty(Directory.GetFiles(Path.Join(_data.Path, "tmp")));
        Assert.Equal("nothing holds it up", await WorkAsync(vitrine));
        AssertWhole(31);
    }

    /// <summary>What readiness says of the work.</summary>
    private static async Task<string> WorkAsync(VitrineProcess vitrine) => Text(
        (await vitrine.GetAsync("/api/ready")).GetProperty("features").EnumerateArray().Single(feature => Text(feature, "name") == "work"), "detail")!;

    private static async Task<T> Eventually<T>(Func<T> look, Func<T, bool> reached)
    {
        var seen = look();
        await Patience.UntilAsync(() => reached(seen = look()));
        return seen;
    }

    private static int[] ChildrenOf(int process) =>
    [
        .. File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse),
        .. Directory.GetDirectories($"/proc/{process}/task").Where(task => !task.EndsWith($"/{process}", StringComparison.Ordinal))
            .SelectMany(task => File.Exists($"{task}/children") ? File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries) : []).Select(int.Parse),
    ];

    private static void AssertWholeWebP(string path)
    {
        var bytes = File.ReadAllBytes(path);
        Assert.True(bytes.AsSpan().StartsWith("RIFF"u8), path);
        Assert.Equal(bytes.Length, BitConverter.ToInt32(bytes, 4) + 8);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    /// <summary>Every file exactly one row, every counter equal to its rows, nothing left claimed.</summary>
    private void AssertWhole(int files)
    {
        Assert.Equal(files, Query("SELECT COUNT(*) FROM assets"));
        Assert.Equal(files, Query("SELECT COUNT(*) FROM (SELECT DISTINCT folder_id, name FROM assets)"));
        Assert.Equal(files, Query("SELECT COUNT(*) FROM assets WHERE status = 3"));
        Assert.Equal(files, Query("SELECT ready FROM progress p JOIN libraries l ON l.id = p.id"));
        Assert.Equal(files, Query("SELECT SUM(p.ready) FROM progress p JOIN task_groups g ON g.id = p.id"));
        Assert.Equal(0, Query("SELECT SUM(p.pending + p.indexed + p.embedding + p.failed) FROM progress p"));
        Assert.Equal(0, Query("SELECT COUNT(*) FROM task_groups WHERE scanning = 1"));
    }

    private long Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Join(_data.Path, "vitrine.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar());
    }
}
