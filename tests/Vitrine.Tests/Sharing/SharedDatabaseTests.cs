using Npgsql;
using Vitrine.Caching;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Sharing;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Postgres;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Sharing;

/// <summary>Two processes' worth of memory over one real PostgreSQL database.</summary>
[SharedServerTests]
public sealed class SharedDatabaseTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private PostgresTestDatabase _test = null!;
    private Node _here = null!;
    private Node _there = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _test = await SharedPostgres.CreateAsync();
        _here = await Node.StartAsync(_test, _time);
        _there = await Node.StartAsync(_test, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
        await _test.DisposeAsync();
    }

    [Fact]
    public async Task Announce_LibraryAddedHere_IsOnTheBoardThereWhenItIsHeardThere()
    {
        ProgressSnapshot? seen = null;
        var heard = _there.NextAsync(announcement =>
        {
            if (announcement is not Announcement.LibraryChanged changed)
                return false;
            seen = _there.Stores.Board.SnapshotOrNull(changed.LibraryId);
            return true;
        });

        var (library, _) = await _here.Stores.Libraries.AddAsync("/photos", null, includeHidden: false, Token);
        await heard.WaitAsync(Token);

        Assert.Equal((library.Id, library.TaskGroupId, true), (seen!.LibraryId, seen.TaskGroupId, seen.Scanning));
    }

    [Fact]
    public async Task Announce_AssetsComeChangeAndGo_CachesThereFollow()
    {
        var library = await AddAsync("a.jpg", "b.jpg", "c.jpg");
        await UntilAsync(() => _there.Stores.Browse.Count(library.Id) == 3);

        var worker = _here.Stores.Me.Id;
        var claims = await _here.Stores.Claims.ClaimAsync(worker, Stage.Metadata, 2, [], oldestFirst: false, Token);
        await _here.Stores.Settlement.FinishAsync(claims, AssetStatus.Indexed, (_, _) => { }, Token);
        await UntilAsync(() => _there.Stores.Board.SnapshotOrNull(library.Id)?.Counts is { Pending: 1, Indexed: 2 });

        await ScanAsync(library, "a.jpg");
        await UntilAsync(() => _there.Stores.Browse.Count(library.Id) == 1);
        Assert.Equal(_here.Stores.Board.SnapshotOrNull(library.Id)!.Version, _there.Stores.Board.SnapshotOrNull(library.Id)!.Version);
    }

    [Fact]
    public async Task Announce_LibraryForgottenHere_IsOffTheBoardThere()
    {
        var library = await AddAsync("a.jpg");
        await UntilAsync(() => _there.Stores.Board.SnapshotOrNull(library.Id) is not null);

        await _here.Stores.Libraries.ForgetAsync(library.Id, Token);

        await UntilAsync(() => _there.Stores.Board.SnapshotOrNull(library.Id) is null && _there.Stores.Board.SnapshotOrNull(library.TaskGroupId) is null);
    }

    [Fact]
    public async Task Seen_OnOneServer_GoesFirstInEveryProcess()
    {
        _here.Wanted.Seen([7, 5, 6]);
        await UntilAsync(() => _there.Wanted.Current.Ids.SequenceEqual([7, 5, 6]));

        _there.Wanted.Ask([9]);
        await UntilAsync(() => _here.Wanted.Current.Ids.SequenceEqual([7, 5, 6, 9]));
    }

    [Fact]
    public async Task Listen_ConnectionIsLostWhileOthersChange_ResynchronisesByVersion()
    {
        var library = await AddAsync("a.jpg");
        await UntilAsync(() => _there.Stores.Browse.Count(library.Id) == 1);
        var reloaded = _there.NextAsync(announcement => announcement is Announcement.LibraryReloaded);

        await using (var other = new NpgsqlConnection(_test.ConnectionString + ";Pooling=false"))
        {
            await other.OpenAsync(Token);
            other.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'");
        }

        // Written behind everybody's back, as by a process that died before it could tell.
        await using (var silent = PostgresDatabase.Open(_test.ConnectionString + ";Pooling=false", Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance))
        {
            var stores = new Stores(silent, _time);
            await ScanAsync(stores, library, "a.jpg", "b.jpg");
        }

        await reloaded.WaitAsync(Token);
        await UntilAsync(() => _there.Stores.Board.SnapshotOrNull(library.Id)?.Counts.Total == 2);
    }

    [Fact]
    public async Task Resynchronise_NothingWasMissed_AnnouncesNothing()
    {
        var library = await AddAsync("a.jpg");
        await UntilAsync(() => _there.Stores.Board.SnapshotOrNull(library.Id)?.Version == _here.Stores.Board.SnapshotOrNull(library.Id)!.Version);
        _there.Stores.TakeHeard();

        _there.Resynchronisation.Run(everything: false);

        Assert.DoesNotContain(_there.Stores.TakeHeard(), announcement => announcement is Announcement.LibraryReloaded);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Resynchronise_BehindAtFirst_AnnouncesOnlyWhatIsStillBehind(bool messageCame)
    {
        // A process that hears nothing, so that nothing else brings it up to date.
        await using var database = PostgresDatabase.Open(_test.ConnectionString, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var deaf = new Stores(database, _time);
        using var progress = new SharedProgress(database, deaf.Progress, deaf.Board, TimeProvider.System);
        var resynchronisation = new Resynchronisation(database, progress, deaf.Board, deaf.Announcements);
        var library = await AddAsync("a.jpg");
        resynchronisation.Run(everything: false);
        await ScanAsync(library, "a.jpg", "b.jpg");
        deaf.TakeHeard();

        var behind = resynchronisation.Behind(everything: false);
        if (messageCame)
            progress.Refresh(library.Id);
        resynchronisation.Reload(behind);

        Assert.Equal([library.Id], behind.Keys);
        Assert.Equal(messageCame ? [] : [new Announcement.LibraryReloaded(library.Id)], deaf.TakeHeard());
        Assert.Equal(2, deaf.Board.SnapshotOrNull(library.Id)!.Counts.Total);
    }

    [Fact]
    public async Task Submit_JobRunsOnAnotherMachine_IsRefusedSeenAndCancelledFromHere()
    {
        var ended = new TaskCompletionSource();
        Assert.True(_there.Jobs.Submit("find-duplicates:1", async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended.SetResult();
            stop.ThrowIfCancellationRequested();
        }));
        await UntilAsync(() => _here.Jobs.IsRunning("find-duplicates:1"));

        Assert.False(_here.Jobs.Submit("find-duplicates:1", (_, _) => Task.CompletedTask));
        Assert.Equal(JobStatus.Running, _here.Jobs.FindOrNull("find-duplicates:1")!.Status);
        Assert.True(await _here.Jobs.CancelAsync("find-duplicates:1", Token));

        await ended.Task.WaitAsync(Token);
        await _here.Jobs.WhenEnded("find-duplicates:1");
        Assert.Equal(JobStatus.Cancelled, _here.Jobs.FindOrNull("find-duplicates:1")!.Status);
    }

    [Fact]
    public async Task SetPaused_JobRunsOnAnotherMachine_HoldsItThere()
    {
        var steps = 0;
        Assert.True(_there.Jobs.Submit(
            "long:1",
            async (report, stop) =>
            {
                while (true)
                {
                    await report.WaitWhilePausedAsync(stop);
                    Interlocked.Increment(ref steps);
                    await Task.Delay(1, stop);
                }
            },
            JobTraits.Pausable));
        await UntilAsync(() => _here.Jobs.IsRunning("long:1") && Volatile.Read(ref steps) > 0);

        Assert.True(await _here.Jobs.SetPausedAsync("long:1", paused: true, Token));
        await UntilAsync(() => _there.Jobs.FindOrNull("long:1")!.Paused);
        Assert.True(await _here.Jobs.SetPausedAsync("long:1", paused: false, Token));
        await UntilAsync(() => !_there.Jobs.FindOrNull("long:1")!.Paused);
        await _here.Jobs.CancelAsync("long:1", Token);
        await _here.Jobs.WhenEnded("long:1");
    }

    [Fact]
    public async Task Submit_ByManyAtOnce_OneRuns()
    {
        var running = 0;
        var most = 0;
        var done = new TaskCompletionSource();
        Task Work(JobReport report, CancellationToken stop)
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            return done.Task.WaitAsync(stop).ContinueWith(_ => Interlocked.Decrement(ref running), TaskScheduler.Default);
        }

        await Task.WhenAll(
            Task.Run(() => _here.Jobs.Submit("one", Work), Token),
            Task.Run(() => _there.Jobs.Submit("one", Work), Token));
        // The slower one has no row of its own, and shows the run of the other once it has given up.
        await UntilAsync(() => Volatile.Read(ref running) == 1 && _here.Jobs.FindOrNull("one") is { RunId: > 0 } && _there.Jobs.FindOrNull("one") is { RunId: > 0 });
        done.SetResult();
        await _here.Jobs.WhenEnded("one");
        await _there.Jobs.WhenEnded("one");

        Assert.Equal(1, most);
        Assert.Single(_here.Jobs.Runs("one"));
    }

    [Fact]
    public async Task TakeUp_ProcessOfARunningJobIsGone_TheJobIsQueuedAndMayRunHere()
    {
        var gone = await Node.StartAsync(_test, _time);
        Assert.True(gone.Jobs.Submit("scan:9", (_, stop) => Task.Delay(Timeout.Infinite, stop), JobTraits.Resumable));
        await UntilAsync(() => _here.Jobs.IsRunning("scan:9"));
        var run = _here.Jobs.FindOrNull("scan:9")!.RunId;

        _time.Advance(WorkerStore.Lease + TimeSpan.FromSeconds(1)); // nobody extends it
        await _here.Stores.Workers.HeartbeatAsync(_here.Stores.Me.Id, 0, Token);
        Assert.False(_here.Jobs.IsRunning("scan:9"));
        await _here.Stores.Jobs.TakeUpInterruptedAsync(Token);

        Assert.Equal(JobStatus.Queued, _here.Jobs.FindOrNull("scan:9")!.Status);
        var ran = new TaskCompletionSource();
        Assert.True(_here.Jobs.Submit("scan:9", (_, _) => Task.FromResult(ran.TrySetResult()), JobTraits.Resumable));
        await ran.Task.WaitAsync(Token);
        await _here.Jobs.WhenEnded("scan:9");
        Assert.Equal((run, JobStatus.Completed), (_here.Jobs.FindOrNull("scan:9")!.RunId, _here.Jobs.FindOrNull("scan:9")!.Status));
        await gone.DisposeAsync();
    }

    [Fact]
    public void Clock_OfAMachineIsFiveMinutesWrong_TimeIsTheDatabases()
    {
        var wrong = new ManualTime(); // stands in another year
        var clock = new SharedClock(_here.Stores.Database, wrong);
        var earlier = DatabaseNow();
        clock.Measure();
        wrong.Advance(TimeSpan.FromMinutes(1));

        // It goes on as that clock does, from a time that was measured between two looks at the database's; the way there and back is allowed for.
        var allowance = TimeSpan.FromMinutes(1);
        Assert.InRange(clock.GetUtcNow() - TimeSpan.FromMinutes(1), earlier - allowance, DatabaseNow() + allowance);

        DateTimeOffset DatabaseNow() =>
            StoredTime.FromStored(_here.Stores.Database.Read(connection => connection.QueryNumber("SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT")));
    }

    private async Task<Library> AddAsync(params string[] files)
    {
        var (library, _) = await _here.Stores.Libraries.AddAsync("/photos", null, includeHidden: false, Token);
        await ScanAsync(library, files);
        await _here.Stores.Libraries.EndScanAsync(library.Id, library.TaskGroupId, Token);
        return library;
    }

    private Task ScanAsync(Library library, params string[] files) => ScanAsync(_here.Stores, library, files);

    private static async Task ScanAsync(Stores stores, Library library, params string[] files)
    {
        var session = new ScanSession(library.Id, library.TaskGroupId);
        var scanned = files.Select(name => new ScannedFile(name, AssetKind.Image, 1, 1)).ToList();
        await stores.Intake.TakeInAsync(session, [new ScannedFiles("", scanned, IsLast: true)], Token);
        stores.Intake.GatherVanishedFolders(session, _ => true);
        await stores.Intake.RemoveVanishedAsync(session, Token);
    }

    private static Task UntilAsync(Func<bool> reached) => Patience.UntilAsync(reached);
}
