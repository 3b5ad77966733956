using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Indexing;

/// <summary>A root that is away takes nothing with it; files that are gone in bulk wait for a person.</summary>
public sealed class OfflineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("missing", "is not there")]
    [InlineData("empty", "is suddenly empty")]
    public async Task Scan_RootAway_IsOfflineWithReasonAndComesBack(string how, string reason)
    {
        Fill(3);
        await using var engine = new Engine();
        var library = await ScannedAsync(engine);

        Directory.Move(_folder.Of("root"), _folder.Of("away"));
        if (how == "empty")
            _folder.Folder("root/lost+found");
        await engine.ScanAsync(library);
        Assert.Equal(JobStatus.Failed, (await engine.ScannedAsync(library)).Status);

        var offline = engine.Libraries.FindOrNull(library.Id)!.Offline;
        Assert.Equal(reason, offline?.Reason);
        Assert.Equal(3, engine.Assets(library).Count);
        Assert.Empty(await ClaimAsync(engine, 10, [.. engine.Assets(library).Values.Select(asset => asset.Id)]));

        if (how == "empty")
            Directory.Delete(_folder.Of("root"), recursive: true);
        Directory.Move(_folder.Of("away"), _folder.Of("root"));
        await engine.ScanAsync(library);
        Assert.Equal(JobStatus.Completed, (await engine.ScannedAsync(library)).Status);
        Assert.Null(engine.Libraries.FindOrNull(library.Id)!.Offline);
        var claims = await ClaimAsync(engine, 10, []);
        Assert.Equal([1, 1, 1], claims.Select(claim => claim.Attempt)); // the wait spent none
    }

    [Fact]
    public async Task Look_RootThatThisUserMayNotRead_IsOfflineWithTheReason()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Fill(3);
        await using var engine = new Engine();
        var library = await ScannedAsync(engine);
        const UnixFileMode Closed = UnixFileMode.None, Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(_folder.Path, Open | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute); // the folder itself is seen, what is in it is not
        File.SetUnixFileMode(library.Path, Closed);
        try
        {
            RootState state;
            using (new OtherUser())
                state = engine.Get<RootCheck>().Look(library);

            Assert.StartsWith("cannot be read (Access to the path", state.Trouble, StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(library.Path, Open);
        }

        Assert.Null(engine.Get<RootCheck>().Look(library).Trouble);
    }

    [Fact]
    public async Task Look_OtherDeviceWithTheSameFiles_IsTheSameLibraryOnANewDevice()
    {
        if (RootDevice.OfOrNull(_folder.Path) is not { } device)
        {
            Assert.False(OperatingSystem.IsLinux());
            return;
        }

        Fill(40);
        await using var engine = new Engine();
        var library = await ScannedAsync(engine);
        Assert.Equal(device, engine.Libraries.FindOrNull(library.Id)!.Device);
        await engine.Libraries.SetOnlineAsync(library.Id, "ext4 /dev/other 8:99", Cancelled);

        await engine.ScanAsync(library);
        Assert.Equal(JobStatus.Completed, (await engine.ScannedAsync(library)).Status);

        Assert.Equal(device, engine.Libraries.FindOrNull(library.Id)!.Device);
        Assert.Equal(40, engine.Assets(library).Count);
    }

    [Fact]
    public async Task Look_OtherDeviceWithOtherFiles_IsOffline()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Fill(40);
        await using var engine = new Engine();
        var library = await ScannedAsync(engine);
        await engine.Libraries.SetOnlineAsync(library.Id, "ext4 /dev/other 8:99", Cancelled);
        Directory.Move(_folder.Of("root"), _folder.Of("away"));
        _folder.File("root/another.jpg");

        await engine.ScanAsync(library);
        Assert.Equal(JobStatus.Failed, (await engine.ScannedAsync(library)).Status);

        Assert.Contains("another device", engine.Libraries.FindOrNull(library.Id)!.Offline!.Reason, StringComparison.Ordinal);
        Assert.Equal(40, engine.Assets(library).Count);

        await engine.ScanAsync(library, confirmRemoval: true);
        Assert.Equal(JobStatus.Completed, (await engine.ScannedAsync(library)).Status);
        Assert.Equal(["another.jpg"], engine.Paths(library));
        Assert.Null(engine.Libraries.FindOrNull(library.Id)!.Offline);
    }

    [Fact]
    public async Task Scan_MoreThanHalfGone_KeepsThemUntilSomebodyConfirms()
    {
        Fill(40);
        await using var engine = new Engine();
        var library = await ScannedAsync(engine);
        for (var i = 0; i < 21; i++)
            File.Delete(_folder.Of($"root/{i % 4}/{i}.jpg"));

        await engine.ScanAsync(library);
        var job = await engine.ScannedAsync(library);
        Assert.Equal(JobStatus.Completed, job.Status);
        Assert.Equal("0 added, 0 changed, 0 moved, 0 removed, 0 skipped; 21 are gone and wait until somebody confirms their removal", job.Message);
        Assert.Equal(21, engine.Libraries.FindOrNull(library.Id)!.Missing);
        Assert.Equal(40, engine.Assets(library).Count);

        await engine.ScanAsync(library, confirmRemoval: true);
        Assert.Equal("0 added, 0 changed, 0 moved, 21 removed, 0 skipped", (await engine.ScannedAsync(library)).Message);
        Assert.Equal(0, engine.Libraries.FindOrNull(library.Id)!.Missing);
        Assert.Equal(19, engine.Assets(library).Count);
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Scan_HalfGone_RemovesThem()
    {
        Fill(40);
        await using var engine = new Engine();
        var library = await ScannedAsync(engine);
        for (var i = 0; i < 20; i++)
            File.Delete(_folder.Of($"root/{i % 4}/{i}.jpg"));

        await engine.ScanAsync(library);
        await engine.ScannedAsync(library);

        Assert.Equal(20, engine.Assets(library).Count);
    }

    [Fact]
    public async Task Scan_MoreThanHalfGoneAndBackAgain_WaitsNoLonger()
    {
        Fill(40);
        await using var engine = new Engine();
        var library = await ScannedAsync(engine);
        var before = engine.Assets(library);
        foreach (var folder in new[] { "0", "1", "2" })
            Directory.Move(_folder.Of("root", folder), _folder.Of($"aside-{folder}"));
        await engine.ScanAsync(library);
        await engine.ScannedAsync(library);
        Assert.Equal(30, engine.Libraries.FindOrNull(library.Id)!.Missing);

        // Two folders come back, one of them under another name; what is left is no longer more than half.
        Directory.Move(_folder.Of("aside-0"), _folder.Of("root", "0"));
        Directory.Move(_folder.Of("aside-1"), _folder.Of("root", "one"));
        await engine.ScanAsync(library);
        await engine.ScannedAsync(library);

        Assert.Equal(0, engine.Libraries.FindOrNull(library.Id)!.Missing);
        var after = engine.Assets(library);
        Assert.Equal(30, after.Count);
        Assert.Equal(before["0/0.jpg"].Id, after["0/0.jpg"].Id);
        Assert.Equal(before["1/1.jpg"].Id, after["one/1.jpg"].Id);
        engine.AssertCountersAreTrue();
    }

    private void Fill(int files)
    {
        for (var i = 0; i < files; i++)
            _folder.File($"root/{i % 4}/{i}.jpg", $"file {i:d4}");
    }

    private async Task<Library> ScannedAsync(Engine engine)
    {
        var library = await engine.AddAsync(_folder.Of("root"));
        await engine.ScannedAsync(library);
        return library;
    }

    private static async Task<IReadOnlyList<Claim>> ClaimAsync(Engine engine, int count, IReadOnlyList<long> visible)
    {
        var worker = await engine.Get<WorkerStore>().RegisterAsync(Cancelled);
        return await engine.Get<IClaimStore>().ClaimAsync(worker, Stage.Metadata, count, visible, oldestFirst: false, Cancelled);
    }
}
