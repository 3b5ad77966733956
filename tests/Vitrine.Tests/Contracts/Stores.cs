using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Caching;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Tests.Contracts;

/// <summary>The store layer over one database, put together as the engine does it, on a clock that the test moves.</summary>
internal sealed class Stores : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Announcement> _heard = [];

    public Stores(Database database, ManualTime time, Func<Stores, IClaimStore> claims, Func<Stores, IScanIntake> intake)
    {
        (Database, Time) = (database, time);
        Announcements = new Announcements(NullLogger<Announcements>.Instance);
        Rebuilder = new SnapshotRebuilder(NullLogger<SnapshotRebuilder>.Instance);
        Board = new ProgressBoard(time);
        Feed = new ProgressFeed(Board, time);
        Progress = new ProgressStore(Board, time);
        Libraries = new LibraryStore(database, Progress, Announcements, time);
        Assets = new AssetStore(database);
        Browse = new BrowseIndex(database, Announcements, Rebuilder);
        Forgotten = new ForgottenAssets(database);
        Failures = new FailureStore(database, Libraries, Progress, Announcements);
        Jobs = new JobStore(database, time);
        Workers = new WorkerStore(database, time);
        Claims = claims(this);
        Intake = intake(this);
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

    public ProgressBoard Board { get; }

    public ProgressFeed Feed { get; }

    public ProgressStore Progress { get; }

    public LibraryStore Libraries { get; }

    public AssetStore Assets { get; }

    public BrowseIndex Browse { get; }

    public ForgottenAssets Forgotten { get; }

    public FailureStore Failures { get; }

    public JobStore Jobs { get; }

    public WorkerStore Workers { get; }

    public IClaimStore Claims { get; }

    public IScanIntake Intake { get; }

    public Settlement Settlement { get; }

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
        await Database.DisposeAsync();
    }
}
