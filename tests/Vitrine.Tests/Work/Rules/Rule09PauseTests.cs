using Vitrine.Caching;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work.Rules;

/// <summary>
/// Work rule 9: pause, resume and cancel, per task group and per job, are honoured between items and kept over a restart.
/// (Shutdown of the real process: Vitrine.Server.Tests/Faults.)
/// </summary>
[Collection(nameof(ProcessTests))]
public sealed class Rule09PauseTests : IDisposable
{
    private const int Folders = 2000;

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _data = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task PausedScan_StopsBetweenFolders_StaysPausedOverARestartAndGoesOn()
    {
        for (var folder = 0; folder < Folders; folder++)
            _folder.File($"{folder:d4}/a.stl");
        Library library;
        await using (var engine = new Engine(_data.Path))
        {
            var jobs = engine.Get<NamedJobs>();
            Task<bool>? pausing = null;
            // At the first commit: the walk is at most some hundred folders ahead of it. The commit after that waits until the job has heard.
            using var listening = engine.Get<Announcements>().Subscribe(announcement =>
            {
                if (announcement is not Announcement.AssetsAdded added)
                    return;
                var name = LibraryScans.JobName(added.LibraryId);
                if (pausing is null)
                    pausing = jobs.SetPausedAsync(name, paused: true, Cancelled);
                else
                    Assert.True(SpinWait.SpinUntil(() => jobs.FindOrNull(name)!.Paused, Patience.Limit));
            });
            library = await engine.AddAsync(_folder.Path);
            await Patience.UntilAsync(() => pausing is not null);
            Assert.True(await pausing!);
            Assert.True(jobs.IsRunning(LibraryScans.JobName(library.Id)));
        }

        await using (var engine = await Engine.StartAsync(_data.Path))
        {
            var job = engine.Get<NamedJobs>().FindOrNull(LibraryScans.JobName(library.Id))!;
            await Patience.UntilAsync(() => (job = engine.Get<NamedJobs>().FindOrNull(LibraryScans.JobName(library.Id))!) is { Status: JobStatus.Running, Paused: true });
            Assert.InRange(engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!.Counts.Total, 1, Folders - 1);

            await engine.Get<LibraryScans>().ResumeAsync(library.Id, Cancelled);

            Assert.Equal(JobStatus.Completed, (await engine.ScannedAsync(library)).Status);
            Assert.Equal(Folders, (await engine.FinishedAsync(library.Id)).Counts.Ready);
            Assert.Equal(job.RunId, engine.Get<NamedJobs>().FindOrNull(job.Name)!.RunId);
            engine.AssertCountersAreTrue();
        }
    }

    [Fact]
    public async Task CancelledGroup_RestartRescueAndRetryOfOthers_DoNotResurrectIt()
    {
        using var pictures = new SamplePictures();
        pictures.Jpeg("a.jpg", 40, 30);
        pictures.Jpeg("b.jpg", 40, 30, seed: 2);
        File.WriteAllText(pictures.PathOf("broken.jpg"), "not a picture");
        using var others = new SamplePictures();
        others.Jpeg("other.jpg", 40, 30);
        Library library;
        await using (var engine = new Engine(_data.Path))
        {
            library = await engine.AddAsync(pictures.Folder);
            await engine.ScannedAsync(library);
            // Claimed by a process that dies, failed by one that lives, then cancelled.
            var claims = await engine.Get<IClaimStore>().ClaimAsync(
                await engine.Get<WorkerStore>().RegisterAsync(Cancelled), Stage.Metadata, 3, [], oldestFirst: false, Cancelled);
            await engine.Get<MetadataStage>().WorkAsync(claims.Single(claim => claim.Path == "broken.jpg"), Cancelled);
            await engine.Get<LibraryScans>().CancelAsync(library.Id, Cancelled);
            await engine.Get<WorkerStore>().UnregisterAsync(claims[0].Owner, Cancelled);
        }

        await using (var engine = await Engine.StartAsync(_data.Path))
        {
            await engine.ImportAsync(others.Folder); // the loops run
            var retry = (await engine.Get<FailureRetries>().RetryLibraryAsync(library.Id, null, Cancelled))!.Value;
            Assert.Equal(1, retry.Count);
            await engine.ImportAsync(_folder.Path);
            await engine.FinishedAsync(retry.TaskGroupId); // it failed again
            Assert.Equal(1, engine.Get<FailureStore>().Page(library.Id, 0, 1).Total);

            var assets = engine.Assets(library);
            Assert.Equal((AssetStatus.Pending, AssetStatus.Pending), (assets["a.jpg"].Status, assets["b.jpg"].Status));
            Assert.Equal(ProgressStatus.Cancelled, engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!.Status);

            await engine.RescanAsync(library); // a person asks for all of it again
            Assert.Equal(2, engine.Assets(library).Values.Count(asset => asset.Status == AssetStatus.Ready));
            engine.AssertCountersAreTrue();
        }
    }

    [Fact]
    public async Task PausedLibrary_OverARestart_IsWorkedOnOnlyAfterItIsResumed()
    {
        using var pictures = new SamplePictures();
        for (var i = 0; i < 6; i++)
            pictures.Jpeg($"{i}.jpg", 40, 30, seed: i);
        Library library;
        await using (var engine = new Engine(_data.Path))
        {
            library = await engine.AddAsync(pictures.Folder);
            await engine.ScannedAsync(library);
            await engine.Get<LibraryScans>().PauseAsync(library.Id, Cancelled);
        }

        await using (var engine = await Engine.StartAsync(_data.Path))
        {
            _folder.File("other.stl");
            await engine.ImportAsync(_folder.Path);
            Assert.Equal(6, engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!.Counts.Pending);
            await engine.Get<LibraryScans>().ResumeAsync(library.Id, Cancelled);
            Assert.Equal(6, (await engine.FinishedAsync(library.Id)).Counts.Ready);
        }
    }
}
