using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Caching;
using Xunit;

namespace Vitrine.Tests.Caching;

public sealed class SnapshotTests : IAsyncDisposable
{
    private readonly SnapshotRebuilder _rebuilder = new(NullLogger<SnapshotRebuilder>.Instance);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _builds;
    private Action _whileBuilding = () => { };

    public SnapshotTests()
    {
        _running = _rebuilder.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        _stop.Dispose();
    }

    [Fact]
    public async Task Read_ManyFirstReadersAtOnce_ShareOneBuild()
    {
        var snapshot = Snapshot();
        using var inside = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        _whileBuilding = () =>
        {
            inside.Set();
            go.Wait();
        };
        var first = Task.Run(() => snapshot.Read(_rebuilder));
        inside.Wait(TestContext.Current.CancellationToken);
        var others = Enumerable.Range(0, 4).Select(_ => Task.Run(() => snapshot.Read(_rebuilder))).ToList();
        go.Set();

        Assert.Equal("build 1", await first);
        Assert.All(await Task.WhenAll(others), value => Assert.Equal("build 1", value));
        Assert.Equal((1, 5, false), (snapshot.Statistics.Generation, snapshot.Statistics.Reads, snapshot.Statistics.Stale));
    }

    [Fact]
    public async Task Read_WhileARebuildRuns_AnswersFromTheOneBefore()
    {
        var snapshot = Snapshot();
        snapshot.Read(_rebuilder);
        using var inside = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        _whileBuilding = () =>
        {
            inside.Set();
            go.Wait();
        };
        snapshot.MarkStale();
        Assert.Equal("build 1", snapshot.Read(_rebuilder));
        inside.Wait(TestContext.Current.CancellationToken);

        Assert.Equal("build 1", snapshot.Read(_rebuilder));
        go.Set();
        await RebuiltAsync();
        Assert.Equal("build 2", snapshot.Read(_rebuilder));
    }

    [Fact]
    public async Task Read_ManyChangesBeforeARebuild_RebuildsOnce()
    {
        var snapshot = Snapshot();
        snapshot.Read(_rebuilder);
        for (var change = 0; change < 10; change++)
            snapshot.MarkStale();
        for (var read = 0; read < 10; read++)
            snapshot.Read(_rebuilder);
        await RebuiltAsync();

        Assert.Equal(2, _builds);
    }

    [Fact]
    public async Task Read_ChangesDuringARebuild_CauseExactlyOneMore()
    {
        var snapshot = Snapshot();
        snapshot.Read(_rebuilder);
        _whileBuilding = () =>
        {
            if (_builds != 2)
                return;
            for (var change = 0; change < 3; change++)
            {
                snapshot.MarkStale();
                snapshot.Read(_rebuilder); // somebody reads meanwhile, and asks
            }
        };
        snapshot.MarkStale();
        snapshot.Read(_rebuilder);
        await RebuiltAsync();
        await RebuiltAsync();

        Assert.Equal(3, _builds);
        Assert.False(snapshot.Statistics.Stale);
        Assert.Equal("build 3", snapshot.Read(_rebuilder));
    }

    [Fact]
    public async Task Read_RebuildFails_GoesOnWithTheOneBeforeAndTriesAgain()
    {
        var snapshot = Snapshot();
        snapshot.Read(_rebuilder);
        _whileBuilding = () => throw new InvalidOperationException("the database is away");
        snapshot.MarkStale();
        Assert.Equal("build 1", snapshot.Read(_rebuilder));
        await RebuiltAsync();
        Assert.True(snapshot.Statistics.Stale);

        _whileBuilding = () => { };
        Assert.Equal("build 1", snapshot.Read(_rebuilder));
        await RebuiltAsync();

        Assert.Equal("build 3", snapshot.Read(_rebuilder));
    }

    [Fact]
    public void Read_FirstBuildFails_ThrowsAndTheNextReaderTriesAgain()
    {
        var snapshot = Snapshot();
        _whileBuilding = () => throw new InvalidOperationException("the database is away");
        Assert.Throws<InvalidOperationException>(() => snapshot.Read(_rebuilder));
        _whileBuilding = () => { };

        Assert.Equal("build 2", snapshot.Read(_rebuilder));
    }

    private Snapshot<string> Snapshot() => new(
        "test",
        () =>
        {
            var build = ++_builds;
            _whileBuilding();
            return $"build {build}";
        },
        value => value.Length);

    /// <summary>Rebuilds run in order: what was asked for before this has been built.</summary>
    private Task RebuiltAsync()
    {
        var built = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _rebuilder.Ask(built.SetResult);
        return built.Task;
    }
}
