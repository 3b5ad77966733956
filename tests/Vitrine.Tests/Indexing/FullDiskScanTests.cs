using Vitrine.Caching;
using Vitrine.Indexing;
using Vitrine.Progress;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Indexing;

/// <summary>Scans on a disk that has no room for the database.</summary>
[Collection(nameof(ProcessTests))]
public sealed class FullDiskScanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Scan_DiskTooFull_GoesOnAsSoonAsThereIsRoom()
    {
        _folder.File("a.jpg");
        FullDisk? disk = null;
        await using var engine = new Engine(around: database => disk = new FullDisk(database));
        var library = await engine.AddAsync(_folder.Path);
        await engine.ScannedAsync(library);
        _folder.File("b.jpg");

        using (engine.Get<Announcements>().Subscribe(announcement =>
        {
            if (announcement is Announcement.AssetsAdded)
                disk!.Fill(); // what follows the first commit finds no room
        }))
        {
            await engine.ScanAsync(library);
            await disk!.RefusedAsync(2); // the scan's own write, and what it begins with when it tries again
        }

        Assert.True(engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!.Scanning);
        Assert.True(engine.Get<NamedJobs>().IsRunning(LibraryScans.JobName(library.Id)));
        disk.Clear();
        var job = await engine.ScannedAsync(library);

        Assert.Equal(JobStatus.Completed, job.Status);
        Assert.Equal(["a.jpg", "b.jpg"], engine.Paths(library));
        Assert.False(engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!.Scanning);
        Assert.Empty(engine.Libraries.InterruptedScans());
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Scan_WhileAnotherCannotEndForAFullDisk_IsRefusedAndDoneWhenAskedAgain()
    {
        _folder.File("a.jpg");
        FullDisk? disk = null;
        await using var engine = new Engine(around: database => disk = new FullDisk(database));
        var library = await engine.AddAsync(_folder.Path);
        await engine.ScannedAsync(library);
        var scans = engine.Get<LibraryScans>();
        scans.Patience = TimeSpan.FromMilliseconds(100);
        using (engine.Get<Announcements>().Subscribe(announcement =>
        {
            if (announcement is Announcement.AssetsAdded)
                disk!.Fill();
        }))
        {
            _folder.File("b.jpg");
            await engine.ScanAsync(library);
            await disk!.RefusedAsync(2);
        }

        var refused = await Assert.ThrowsAsync<JobDoesNotEndException>(() => scans.ScanAsync(engine.Libraries.FindOrNull(library.Id)!, confirmRemoval: true, Cancelled));
        disk.Clear();
        await engine.Get<NamedJobs>().WhenEnded(LibraryScans.JobName(library.Id));
        await scans.ScanAsync(engine.Libraries.FindOrNull(library.Id)!, confirmRemoval: true, Cancelled);
        await engine.ScannedAsync(library);

        Assert.Contains(LibraryScans.JobName(library.Id), refused.Message, StringComparison.Ordinal);
        Assert.Equal(["a.jpg", "b.jpg"], engine.Paths(library));
        engine.AssertCountersAreTrue();
    }
}
