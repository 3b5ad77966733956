using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Caching;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tags;
using Vitrine.Work;

namespace Vitrine.Tests.Contracts;

/// <summary>The store layer over one database, put together as the engine does it, on a clock that the test moves.</summary>
internal sealed class Stores : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Announcement> _heard = [];

    public Stores(Database database, ManualTime time)
    {
        (Database, Time) = (database, time);
        Announcements = new Announcements(NullLogger<Announcements>.Instance);
        Rebuilder = new SnapshotRebuilder(TimeProvider.System, NullLogger<SnapshotRebuilder>.Instance);
        Upkeep = new SnapshotUpkeep(Rebuilder, Announcements, time);
        Board = new ProgressBoard(time);
        Feed = new ProgressFeed(Board, time);
        Progress = new ProgressStore(Board, time);
        Libraries = new LibraryStore(database, Progress, Announcements, time);
        Assets = new AssetStore(database);
        Browse = new BrowseIndex(database, Upkeep);
        Forgotten = new ForgottenAssets(database, Announcements);
        Groups = new TaskGroups(database, Progress);
        TagCounts = new TagCounts(database, Upkeep);
        Tags = new TagStore(database, TagCounts, Announcements);
        Failures = new FailureStore(database);
        Jobs = new JobStore(database, time);
        Workers = new WorkerStore(database, time);
        NamedJobs = new NamedJobs(Jobs, Me, Announcements, time, NullLogger<NamedJobs>.Instance);
        Visible = new VisibleAssets(new WorkSignal(time));
        Retries = new FailureRetries(database, Libraries, Progress, Visible, NamedJobs, Announcements);
        Unseen = new UnseenRoots(time);
        Claims = new ClaimStore(database, Progress, Announcements, time, unseen: Unseen);
        Intake = new ScanIntake(database, Progress, Announcements, time);
        Settlement = new Settlement(database, Claims, Progress, Announcements, time, NullLogger<Settlement>.Instance);
        Announcements.Subscribe(announcement =>
        {
            lock (_gate)
                _heard.Add(announcement);
        });
        Database.Read(connection =>
        {
            Progress.Load(connection);
            return true;
        });
    }

    public Database Database { get; }

    public ManualTime Time { get; }

    public Announcements Announcements { get; }

    public SnapshotRebuilder Rebuilder { get; }

    public SnapshotUpkeep Upkeep { get; }

    public ProgressBoard Board { get; }

    public ProgressFeed Feed { get; }

    public ProgressStore Progress { get; }

    public LibraryStore Libraries { get; }

    public AssetStore Assets { get; }

    public BrowseIndex Browse { get; }

    public ForgottenAssets Forgotten { get; }

    public TaskGroups Groups { get; }

    public TagCounts TagCounts { get; }

    public TagStore Tags { get; }

    public FailureStore Failures { get; }

    public FailureRetries Retries { get; }

    public VisibleAssets Visible { get; }

    public NamedJobs NamedJobs { get; }

    public JobStore Jobs { get; }

    public WorkerStore Workers { get; }

    /// <summary>Not registered: its id is 0.</summary>
    public ThisWorker Me { get; } = new();

    public UnseenRoots Unseen { get; }

    public IClaimStore Claims { get; }

    public ScanIntake Intake { get; }

    public Settlement Settlement { get; }

    /// <summary>Begins a task group that scans and takes up all that was left unfinished, as a scan that a person asked for does.</summary>
    public async Task<long> BeginScanAsync(long libraryId, CancellationToken cancellationToken)
    {
        var group = await Libraries.BeginTaskGroupAsync(libraryId, cancellationToken);
        await Groups.TakeOverAsync(libraryId, group, includeCancelled: true, cancellationToken);
        return group;
    }

    /// <summary>Retries all failed assets of a library, and waits until the last is put back; how many.</summary>
    public async Task<long> RetryLibraryAsync(long libraryId, CancellationToken cancellationToken, string? reason = null)
    {
        var (_, count) = (await Retries.RetryLibraryAsync(libraryId, reason, cancellationToken))!.Value;
        await NamedJobs.WhenEnded(FailureRetries.JobName(libraryId));
        return count;
    }

    /// <summary>Every announcement since the last call.</summary>
    public IReadOnlyList<Announcement> TakeHeard()
    {
        lock (_gate)
        {
            Announcement[] heard = [.. _heard];
            _heard.Clear();
            return heard;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Browse.Dispose();
        TagCounts.Dispose();
        await Database.DisposeAsync();
    }
}
