using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Caching;
using Xunit;

namespace Vitrine.Tests.Caching;

/// <summary>The rules of product.md's section Caches, over a value that is the number of its build and its patches.</summary>
public sealed class SnapshotTests : IAsyncDisposable
{
    private readonly SnapshotRebuilder _rebuilder = new(TimeProvider.System, NullLogger<SnapshotRebuilder>.Instance);
    private readonly Announcements _announcements = new(NullLogger<Announcements>.Instance);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Announcement.CacheChanged> _told = [];
    private readonly Snapshot<string> _snapshot;
    private readonly Task _running;
    private int _builds;
    private Action _whileBuilding = () => { };

    public SnapshotTests()
    {
        _snapshot = new Snapshot<string>("test", 7, Build, value => value.Length, new SnapshotUpkeep(_rebuilder, _announcements, TimeProvider.System)) { FirstWait = Patience.Limit };
        _running = _rebuilder.RunAsync(_stop.Token);
        _announcements.Subscribe(announcement => _told.Enqueue((Announcement.CacheChanged)announcement));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        _stop.Dispose();
    }

    [Fact]
    public async Task Read_ManyFirstReadersAtOnce_ShareOneBuild()
    {
        using var build = new HeldBuild(this);
        var first = Task.Run(() => _snapshot.Read(), Token);
        build.WaitUntilInside();
        Assert.True(_snapshot.IsFirstLoading);
        var others = Enumerable.Range(0, 4).Select(_ => Task.Run(() => _snapshot.Read(), Token)).ToList();
        build.LetGo();

        Assert.Equal("build 1", await first);
        Assert.All(await Task.WhenAll(others), value => Assert.Equal("build 1", value));
        var statistics = _snapshot.Statistics;
        Assert.Equal((1, 5, false), (statistics.Generation, statistics.Hits + statistics.Misses, statistics.IsLoading));
        Assert.NotNull(statistics.LastRebuildAt);
    }

    [Fact]
    public async Task Read_WhileARebuildIsHeld_AnswersAtOnceFromTheOneBefore()
    {
        _snapshot.Read();
        using var build = new HeldBuild(this);
        _snapshot.Reload();
        build.WaitUntilInside();

        for (var read = 0; read < 100; read++)
            Assert.Equal("build 1", _snapshot.Read()); // the rebuild cannot end before these returned
        Assert.Equal((true, 1, 100), (_snapshot.Statistics.IsLoading, _snapshot.Statistics.Generation, _snapshot.Statistics.Hits));
        build.LetGo();
        await RebuiltAsync();

        Assert.Equal("build 2", _snapshot.Read());
        Assert.Equal((false, 2), (_snapshot.Statistics.IsLoading, _snapshot.Statistics.Generation));
    }

    [Fact]
    public async Task Reload_ManyTimesDuringAReload_RunsExactlyOnceMore()
    {
        _snapshot.Read();
        _whileBuilding = () =>
        {
            for (var ask = 0; _builds == 2 && ask < 5; ask++)
                _snapshot.Reload();
        };
        _snapshot.Reload();
        await RebuiltAsync();
        await RebuiltAsync();
        await RebuiltAsync();

        Assert.Equal((3, "build 3"), (_builds, _snapshot.Read()));
    }

    [Fact]
    public async Task Reload_ManyTimesBeforeItBegins_RunsOnce()
    {
        _snapshot.Read();
        using var held = new ManualResetEventSlim();
        _rebuilder.Ask(() => held.Wait(Token)); // something else is being rebuilt
        for (var ask = 0; ask < 5; ask++)
            _snapshot.Reload();
        held.Set();
        await RebuiltAsync();
        await RebuiltAsync();

        Assert.Equal(2, _builds);
    }

    [Fact]
    public async Task Reload_DuringTheFirstBuild_RunsOnceMore()
    {
        using var build = new HeldBuild(this);
        var first = Task.Run(() => _snapshot.Read(), Token);
        build.WaitUntilInside();
        _snapshot.Reload();
        _snapshot.Reload();
        build.LetGo();
        await first;
        await RebuiltAsync();

        Assert.Equal((2, "build 2"), (_builds, _snapshot.Read()));
    }

    [Fact]
    public async Task Reload_NeverRead_BuildsNothing()
    {
        _snapshot.Reload();
        await RebuiltAsync();

        Assert.Equal(0, _builds);
    }

    [Fact]
    public async Task Swap_Announced_IsAlreadyThere()
    {
        var seen = new ConcurrentQueue<(long Announced, string Value, long Generation)>();
        _announcements.Subscribe(announcement => seen.Enqueue(
            (((Announcement.CacheChanged)announcement).Generation, _snapshot.Read(), _snapshot.Statistics.Generation)));
        _snapshot.Read();
        _snapshot.Reload();
        await RebuiltAsync();
        _snapshot.Patch(value => $"{value}, patched");

        Assert.Equal([(1, "build 1", 1), (2, "build 2", 2), (3, "build 2, patched", 3)], seen);
    }

    [Fact]
    public async Task Swap_AListenerThrows_StopsNeitherTheOthersNorTheCache()
    {
        var heard = 0;
        _announcements.Subscribe(_ => throw new InvalidOperationException("a listener's mistake"));
        _announcements.Subscribe(_ => heard++);
        _snapshot.Read();
        _snapshot.Reload();
        await RebuiltAsync();

        Assert.Equal((2, "build 2"), (heard, _snapshot.Read()));
    }

    [Fact]
    public async Task Swap_NothingChanged_IsNoneAndIsNotTold()
    {
        _snapshot.Read();
        _snapshot.Patch(value => value);
        Assert.Single(_told);
        var same = new Snapshot<string>("same", null, before => before ?? "value", _ => 1, new SnapshotUpkeep(_rebuilder, _announcements, TimeProvider.System));
        same.Read();
        same.Reload();
        await RebuiltAsync();

        Assert.Equal(1, same.Statistics.Generation);
        Assert.Equal(["test", "same"], _told.Select(told => told.Name));
        Assert.Equal(7, _told.First().LibraryId);
    }

    [Fact]
    public async Task Patch_WhileARebuildRuns_IsThereAtOnceAndAfterIt()
    {
        _snapshot.Read();
        using var build = new HeldBuild(this);
        _snapshot.Reload();
        build.WaitUntilInside();
        _snapshot.Patch(value => $"{value}, patched");
        Assert.Equal("build 1, patched", _snapshot.Read());
        build.LetGo();
        await RebuiltAsync();

        Assert.Equal("build 2, patched", _snapshot.Read());
        _snapshot.Reload();
        await RebuiltAsync();
        Assert.Equal("build 3", _snapshot.Read()); // the build itself has seen it by now
    }

    [Fact]
    public void Patch_NeverRead_DoesNothing()
    {
        _snapshot.Patch(value => $"{value}, patched");

        Assert.Equal("build 1", _snapshot.Read());
    }

    [Fact]
    public async Task Read_RebuildFails_GoesOnWithTheOneBeforeAndTriesAgain()
    {
        _snapshot.Read();
        _whileBuilding = () => throw new InvalidOperationException("the database is away");
        _snapshot.Reload();
        await RebuiltAsync();
        Assert.Equal((2, 1), (_builds, _snapshot.Statistics.Generation));

        _whileBuilding = () => { };
        Assert.Equal("build 1", _snapshot.Read()); // and asks
        await RebuiltAsync();

        Assert.Equal("build 3", _snapshot.Read());
        await RebuiltAsync();
        Assert.Equal(3, _builds);
    }

    [Fact]
    public void Read_FirstBuildFails_ThrowsAndTheNextReaderTriesAgain()
    {
        _whileBuilding = () => throw new InvalidOperationException("the database is away");
        Assert.Throws<InvalidOperationException>(() => _snapshot.Read());
        _whileBuilding = () => { };

        Assert.Equal("build 2", _snapshot.Read());
    }

    private string Build(string? before)
    {
        var build = ++_builds;
        _whileBuilding();
        return $"build {build}";
    }

    /// <summary>Rebuilds run in order: what was asked for before this has been built.</summary>
    private Task RebuiltAsync()
    {
        var built = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _rebuilder.Ask(built.SetResult);
        return built.Task;
    }

    /// <summary>The next build stops in the middle until it is let go.</summary>
    private sealed class HeldBuild : IDisposable
    {
        private readonly ManualResetEventSlim _inside = new();
        private readonly ManualResetEventSlim _go = new();

        public HeldBuild(SnapshotTests tests)
        {
            tests._whileBuilding = () =>
            {
                _inside.Set();
                _go.Wait(Token);
            };
        }

        public void WaitUntilInside() => _inside.Wait(Token);

        public void LetGo() => _go.Set();

        public void Dispose()
        {
            _go.Set();
            _inside.Dispose();
        }
    }
}
