using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Images;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Indexing;

/// <summary>Scans of real folders into real tables; the stages do not run unless a test starts them.</summary>
[Collection(nameof(ProcessTests))]
public sealed class LibraryScanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ScanAsync_AFollowingScanIsPaused_DoesNotWaitForIt()
    {
        using var folder = new TemporaryFolder();
        folder.File("a.jpg", "one");
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(folder.Path);
        var (jobs, store, name) = (engine.Get<NamedJobs>(), engine.Get<JobStore>(), LibraryScans.JobName(library.Id));
        // A run that was paused when its program stopped: whoever goes on with it is paused from the start.
        var (run, _) = (await store.BeginAsync(
            new Job(name, JobStatus.Running, TimeProvider.System.GetUtcNow()) { Traits = JobTraits.Pausable | JobTraits.Resumable }, 0, Cancelled))!.Value;
        await store.SetPausedAsync(run.RunId, paused: true, Cancelled);
        await store.TakeUpInterruptedAsync(Cancelled);
        var following = engine.Get<LibraryScans>().FollowAsync(library.Id, ScanReach.Whole, Cancelled);
        await Patience.UntilAsync(() => jobs.FindOrNull(name) is { Status: JobStatus.Running, Paused: true });

        folder.File("b.jpg", "two");
        var group = await engine.ScanAsync(library);
        await engine.FinishedAsync(group);

        Assert.Equal(["a.jpg", "b.jpg"], engine.Paths(library));
        await following;
    }

    [Fact]
    public async Task Scan_NewFolder_CommitsEveryFilePendingWithWhatTheDirectorySays()
    {
        var file = _folder.File("a/b.jpg", "12345");
        File.SetLastWriteTimeUtc(file, new DateTime(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        _folder.File("c.stl");
        await using var engine = new Engine();

        var library = await engine.AddAsync(_folder.Path);
        var job = await engine.ScannedAsync(library);

        Assert.Equal(JobStatus.Completed, job.Status);
        Assert.Equal("2 added, 0 changed, 0 moved, 0 removed, 0 skipped", job.Message);
        var assets = engine.Assets(library);
        Assert.Equal((AssetStatus.Pending, AssetKind.Image, 5L), (assets["a/b.jpg"].Status, assets["a/b.jpg"].Kind, assets["a/b.jpg"].Size));
        Assert.Equal(new DateTimeOffset(2020, 2, 3, 4, 5, 6, TimeSpan.Zero), assets["a/b.jpg"].ModifiedAt);
        Assert.Equal(AssetKind.Model, assets["c.stl"].Kind);
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Scan_ThousandsOfFiles_FirstCommitIsAtMost256Rows()
    {
        for (var i = 0; i < 3000; i++)
            _folder.File($"{i % 7}/{i:d4}.jpg", "");
        await using var engine = new Engine();
        var commits = new List<int>();
        using var listening = engine.Get<Vitrine.Caching.Announcements>().Subscribe(announcement =>
        {
            if (announcement is Vitrine.Caching.Announcement.AssetsAdded added)
                commits.Add(added.AssetIds.Count);
        });

        var library = await engine.AddAsync(_folder.Path);
        await engine.ScannedAsync(library);

        Assert.InRange(commits[0], 1, FolderScan.FirstChunk);
        Assert.Equal(3000, commits.Sum());
        Assert.Equal(3000, engine.Assets(library).Count);
    }

    [Fact]
    public async Task Scan_Again_AddsChangesAndRemoves()
    {
        _folder.File("same.jpg");
        _folder.File("sub/changed.jpg", "before");
        _folder.File("sub/removed.jpg");
        _folder.File("gone/1.jpg");
        _folder.File("gone/deeper/2.jpg");
        await using var engine = new Engine();
        var library = await engine.AddAsync(_folder.Path);
        await engine.ScannedAsync(library);
        var before = engine.Assets(library);

        _folder.File("sub/changed.jpg", "after, and longer");
        File.Delete(_folder.Of("sub", "removed.jpg"));
        Directory.Delete(_folder.Of("gone"), recursive: true);
        _folder.File("new/added.jpg");
        await engine.ScanAsync(library);
        var job = await engine.ScannedAsync(library);

        Assert.Equal("1 added, 1 changed, 0 moved, 3 removed, 0 skipped", job.Message);
        var after = engine.Assets(library);
        Assert.Equal(["new/added.jpg", "same.jpg", "sub/changed.jpg"], engine.Paths(library));
        Assert.Equal(before["same.jpg"], after["same.jpg"]);
        Assert.Equal(before["sub/changed.jpg"].Id, after["sub/changed.jpg"].Id);
        Assert.Equal(17, after["sub/changed.jpg"].Size);
        Assert.Equal(0, engine.Database.Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM folders WHERE path LIKE 'gone%'")));
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Scan_RootMissing_RemovesNothingAndSaysSo()
    {
        _folder.File("photos/a.jpg");
        await using var engine = new Engine();
        var library = await engine.AddAsync(_folder.Of("photos"));
        await engine.ScannedAsync(library);

        Directory.Move(_folder.Of("photos"), _folder.Of("elsewhere"));
        await engine.ScanAsync(library);
        var job = await engine.ScannedAsync(library);

        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Contains("Nothing was removed", job.Error, StringComparison.Ordinal);
        Assert.Equal(["a.jpg"], engine.Paths(library));
        Assert.False(engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!.Scanning);

        Directory.Move(_folder.Of("elsewhere"), _folder.Of("photos"));
        await engine.ScanAsync(library);
        Assert.Equal(JobStatus.Completed, (await engine.ScannedAsync(library)).Status);
        engine.AssertCountersAreTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("lost+found/")]
    [InlineData(".keep")]
    public async Task Scan_RootSuddenlyEmpty_RemovesNothing(string? left)
    {
        _folder.File("mount/a.jpg");
        _folder.File("mount/b/c.jpg");
        await using var engine = new Engine();
        var library = await engine.AddAsync(_folder.Of("mount"));
        await engine.ScannedAsync(library);

        Directory.Delete(_folder.Of("mount"), recursive: true);
        _folder.Folder("mount");
        if (left?.EndsWith('/') == true)
            _folder.Folder($"mount/{left}");
        else if (left is not null)
            _folder.File($"mount/{left}");
        await engine.ScanAsync(library);
        var job = await engine.ScannedAsync(library);

        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Equal(["a.jpg", "b/c.jpg"], engine.Paths(library));
    }

    [Fact]
    public async Task Scan_EmptyFolder_IsCompleteWithZero()
    {
        await using var engine = await Engine.StartAsync();

        var library = await engine.AddAsync(_folder.Path);
        var last = await engine.FinishedAsync(library.Id);

        Assert.Equal((ProgressStatus.Complete, ProgressPhase.Done, 0L), (last.Status, last.Phase, last.Counts.Total));
    }

    [Fact]
    public async Task Scan_FolderThatIsALinkToAFile_IsAnAssetByItsOwnName()
    {
        _folder.File("a.jpg");
        _folder.Link("b.png", "a.jpg");
        await using var engine = new Engine();

        var library = await engine.AddAsync(_folder.Path);
        await engine.ScannedAsync(library);

        Assert.Equal(["a.jpg", "b.png"], engine.Paths(library));
    }

    [Fact]
    public async Task Scan_InterruptedByAStop_GoesOnAtTheNextStartInItsOwnGroup()
    {
        for (var i = 0; i < 20; i++)
            _folder.File($"{i}/a.jpg");
        using var data = new TemporaryFolder();
        Library library;
        await using (var engine = new Engine(data.Path))
        {
            // As a process leaves it that was killed right after the row was committed: nothing was scanned yet.
            (library, _) = await engine.Libraries.AddAsync(_folder.Path, null, includeHidden: false, Cancelled);
        }

        await using (var engine = await Engine.StartAsync(data.Path))
        {
            var last = await engine.FinishedAsync(library.TaskGroupId);
            Assert.Equal(20, last.Counts.Total);
            Assert.Equal(library.TaskGroupId, last.TaskGroupId);
            Assert.Equal(20, engine.Assets(library).Count);
            Assert.Equal(JobStatus.Completed, (await engine.ScannedAsync(library)).Status);
            engine.AssertCountersAreTrue();
        }
    }

    [Fact]
    public async Task Scan_JobIsCancelled_IsOverAndKeepsWhatItFound()
    {
        for (var i = 0; i < 3000; i++)
            _folder.File($"{i % 7}/{i:d4}.jpg", "");
        await using var engine = new Engine();
        using var listening = engine.Get<Vitrine.Caching.Announcements>().Subscribe(announcement =>
        {
            if (announcement is Vitrine.Caching.Announcement.AssetsAdded added)
                _ = engine.Get<NamedJobs>().CancelAsync(LibraryScans.JobName(added.LibraryId), Cancelled);
        });

        var library = await engine.AddAsync(_folder.Path);
        var job = await engine.ScannedAsync(library);

        var snapshot = engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!;
        Assert.Equal((JobStatus.Cancelled, false), (job.Status, snapshot.Scanning));
        Assert.InRange(snapshot.Counts.Pending, 1, 2999);
        Assert.Empty(engine.Libraries.InterruptedScans());
    }

    /// <summary>The library was written down, but whoever asked was not told, and no job was begun.</summary>
    [Fact]
    public async Task TakeUpLeft_ScanThatNeverBegan_IsBegunWhenItIsNobodysAnyMore()
    {
        _folder.File("a.jpg");
        await using var engine = new Engine();
        var (library, _) = await engine.Libraries.AddAsync(_folder.Path, null, includeHidden: false, Cancelled);

        await AgeAsync(-86_400);
        engine.Get<LibraryScans>().TakeUpLeft();
        Assert.False(engine.Get<NamedJobs>().IsRunning(LibraryScans.JobName(library.Id))); // another process may be just beginning it
        await AgeAsync(86_400 + 16);
        engine.Get<LibraryScans>().TakeUpLeft();

        Assert.Equal(JobStatus.Completed, (await engine.ScannedAsync(library)).Status);
        Assert.Equal(["a.jpg"], engine.Paths(library));
        Assert.Empty(engine.Libraries.InterruptedScans());
        engine.AssertCountersAreTrue();

        Task<int> AgeAsync(int seconds) => engine.Database.WriteAsync(
            transaction => transaction.Connection.Execute($"UPDATE task_groups SET created_at = created_at - {seconds} * 1000000"), WriteUrgency.Urgent, Cancelled);
    }

    [Fact]
    public async Task Scan_AfterCancel_TakesUpWhatWasLeft()
    {
        using var pictures = new SamplePictures();
        for (var i = 0; i < 6; i++)
            pictures.Jpeg($"{i}.jpg", 40, 30, seed: i);
        await using var engine = new Engine();
        var library = await engine.AddAsync(pictures.Folder);
        await engine.ScannedAsync(library);
        await engine.Get<LibraryScans>().CancelAsync(library.Id, Cancelled);
        Assert.Equal(ProgressStatus.Cancelled, engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!.Status);
        await engine.StartAsync();
        Assert.Equal(6, engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!.Counts.Pending);

        await engine.RescanAsync(library);

        var last = engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!;
        Assert.Equal((ProgressStatus.Complete, 6L), (last.Status, last.Counts.Ready));
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Scan_AskedForByManyAtOnce_EndsForAllOfThem()
    {
        _folder.File("a.stl");
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_folder.Path);

        var groups = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => engine.ScanAsync(library))));

        foreach (var group in groups.Distinct())
            Assert.Equal(ProgressStatus.Complete, (await engine.FinishedAsync(group)).Status);
        await engine.ScannedAsync(library);
        Assert.Empty(engine.Libraries.InterruptedScans());
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Scan_RightAfterAnotherEnded_SeesWhatChangedSince()
    {
        await using var engine = new Engine();
        var library = await engine.AddAsync(_folder.Path);
        for (var i = 0; i < 20; i++)
        {
            await engine.WalkedAsync(library);
            _folder.File($"{i}.jpg");
            await engine.ScanAsync(library);
        }

        await engine.WalkedAsync(library);
        Assert.Equal(20, engine.Assets(library).Count);
    }

    [Fact]
    public async Task Forget_ThenAddTheSameFolder_ScansItAgain()
    {
        _folder.File("a.jpg");
        _folder.File("b/c.jpg");
        await using var engine = new Engine();
        var first = await engine.AddAsync(_folder.Path);
        await engine.ScannedAsync(first);
        var before = engine.Assets(first);

        Assert.True(await engine.Libraries.ForgetAsync(first.Id, Cancelled)); // its rows are not swept yet
        var second = await engine.AddAsync(_folder.Path);
        var job = await engine.ScannedAsync(second);

        Assert.Equal(JobStatus.Completed, job.Status);
        Assert.Equal(["a.jpg", "b/c.jpg"], engine.Paths(second));
        Assert.Empty(engine.Assets(second).Values.Select(asset => asset.Id).Intersect(before.Values.Select(asset => asset.Id)));
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Forget_Library_SweepsItsRowsAndLeavesTheFiles()
    {
        _folder.File("a.jpg");
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_folder.Path);

        Assert.True(await engine.Get<LibraryScans>().ForgetAsync(library.Id, Cancelled));
        await SweptAsync(engine);

        Assert.Equal(0, engine.Database.Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM failures")));
        Assert.True(File.Exists(_folder.Of("a.jpg")));
        Assert.False(await engine.Get<LibraryScans>().ForgetAsync(library.Id, Cancelled));
    }

    [Fact]
    public async Task Forget_WhenASweepHasJustFoundNothingMore_IsSweptAllTheSame()
    {
        _folder.File("a/1.jpg");
        _folder.File("b/2.jpg");
        await using var engine = new Engine();
        var (first, second) = (await engine.AddAsync(_folder.Of("a")), await engine.AddAsync(_folder.Of("b")));
        await engine.ScannedAsync(first);
        await engine.ScannedAsync(second);
        var jobs = engine.Get<NamedJobs>();
        Task<bool>? late = null;
        // On the thread of the sweep, which has seen that nothing is left and still has its name.
        using var listening = engine.Get<Vitrine.Caching.Announcements>().Subscribe(announcement =>
        {
            if (late is not null || announcement is not Vitrine.Caching.Announcement.JobChanged { Name: "sweep-forgotten" })
                return;
            if (jobs.FindOrNull("sweep-forgotten") is not { Status: JobStatus.Completed })
                return;
            late = engine.Get<LibraryScans>().ForgetAsync(second.Id, Cancelled);
            Assert.True(SpinWait.SpinUntil(() => late.IsCompleted, Patience.Limit));
        });

        await engine.Get<LibraryScans>().ForgetAsync(first.Id, Cancelled);

        await SweptAsync(engine);
        Assert.True(await late!);
    }

    private static Task SweptAsync(Engine engine) =>
        Patience.UntilAsync(() => engine.Database.Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM assets")) == 0);
}
