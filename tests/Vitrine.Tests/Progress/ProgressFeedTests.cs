using Vitrine.Progress;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Progress;

public sealed class ProgressFeedTests
{
    private const long Id = 7;

    private static readonly TimeSpan s_moment = TimeSpan.FromTicks(1);

    private readonly ManualTime _time = new();
    private readonly ProgressBoard _board;
    private readonly ProgressFeed _feed;
    private long _version;

    public ProgressFeedTests()
    {
        _board = new ProgressBoard(_time);
        _feed = new ProgressFeed(_board, _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follow_UnknownId_IsEmpty()
    {
        await using var feed = Follow();

        Assert.False(await feed.MoveNextAsync());
    }

    [Fact]
    public async Task Follow_Begin_SendsTheSnapshotAtOnce()
    {
        Show(new StatusCounts(3, 0, 0, 0, 0));
        await using var feed = Follow();

        Assert.True(await feed.MoveNextAsync());
        Assert.Equal(3, feed.Current.Counts.Total);
    }

    [Fact]
    public async Task Follow_ManyChanges_SendsTheLatestOnceInTheInterval()
    {
        Show(new StatusCounts(100, 0, 0, 0, 0));
        await using var feed = Follow();
        await feed.MoveNextAsync();
        var next = feed.MoveNextAsync();
        for (var done = 1; done <= 10; done++)
            Show(new StatusCounts(100 - done, done, 0, 0, 0));

        _time.Advance(ProgressFeed.MinimumInterval - s_moment);
        Assert.False(next.IsCompleted);
        _time.Advance(s_moment);

        Assert.True(await next);
        Assert.Equal((90, 11), (feed.Current.Counts.Pending, feed.Current.Version));
        Assert.Equal((11, 2), _feed.Statistics);
    }

    [Fact]
    public async Task Follow_ChangeAfterAQuietTime_IsSentAtOnce()
    {
        Show(new StatusCounts(2, 0, 0, 0, 0));
        await using var feed = Follow();
        await feed.MoveNextAsync();
        var next = feed.MoveNextAsync();
        Assert.Equal(ProgressFeed.MinimumInterval, await _time.NextTimerAsync());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ProgressFeed.HeartbeatInterval - ProgressFeed.MinimumInterval, await _time.NextTimerAsync());

        Show(new StatusCounts(1, 1, 0, 0, 0));

        Assert.True(await next);
        Assert.Equal(1, feed.Current.Counts.Indexed);
    }

    [Fact]
    public async Task Follow_NothingHappens_SendsTheSameAgainAsAHeartbeat()
    {
        Show(new StatusCounts(2, 0, 0, 0, 0));
        await using var feed = Follow();
        await feed.MoveNextAsync();
        var first = feed.Current;
        var next = feed.MoveNextAsync();
        _time.Advance(await _time.NextTimerAsync());
        var rest = await _time.NextTimerAsync();

        _time.Advance(rest - s_moment);
        Assert.False(next.IsCompleted);
        _time.Advance(s_moment);

        Assert.True(await next);
        Assert.Equal(first, feed.Current);
        Assert.Equal(ProgressFeed.HeartbeatInterval, _time.GetUtcNow() - ManualTime.Start);
        Assert.Equal((1, 2), _feed.Statistics);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Follow_FinalSnapshot_IsSentAndThenItEnds(bool cancelled)
    {
        Show(new StatusCounts(1, 0, 0, 0, 0));
        await using var feed = Follow();
        await feed.MoveNextAsync();
        var next = feed.MoveNextAsync();
        Show(cancelled ? new StatusCounts(1, 0, 0, 0, 0) : new StatusCounts(0, 0, 0, 0, 1), cancelled);
        _time.Advance(ProgressFeed.MinimumInterval);

        Assert.True(await next);
        Assert.Equal(cancelled ? ProgressStatus.Cancelled : ProgressStatus.Complete, feed.Current.Status);
        Assert.False(await feed.MoveNextAsync());
    }

    [Fact]
    public async Task Follow_CompleteFromTheBeginning_IsOneMessage()
    {
        Show(default);
        await using var feed = Follow();

        Assert.True(await feed.MoveNextAsync());
        Assert.True(feed.Current.IsFinal);
        Assert.False(await feed.MoveNextAsync());
    }

    [Fact]
    public async Task Follow_Paused_GoesOn()
    {
        Show(new StatusCounts(1, 0, 0, 0, 0), paused: true);
        await using var feed = Follow();
        await feed.MoveNextAsync();
        Assert.Equal(ProgressStatus.Paused, feed.Current.Status);
        var next = feed.MoveNextAsync();
        Show(new StatusCounts(0, 0, 0, 1, 0));
        _time.Advance(ProgressFeed.MinimumInterval);

        Assert.True(await next);
        Assert.Equal(ProgressStatus.Complete, feed.Current.Status);
    }

    [Fact]
    public async Task Follow_Forgotten_Ends()
    {
        Show(new StatusCounts(1, 0, 0, 0, 0));
        await using var feed = Follow();
        await feed.MoveNextAsync();
        var next = feed.MoveNextAsync();
        _board.Forget([Id]);
        _time.Advance(ProgressFeed.MinimumInterval);

        Assert.False(await next);
    }

    [Fact]
    public async Task Follow_Cancelled_Throws()
    {
        Show(new StatusCounts(1, 0, 0, 0, 0));
        using var gone = new CancellationTokenSource();
        await using var feed = _feed.FollowAsync(Id, gone.Token).GetAsyncEnumerator(Token);
        await feed.MoveNextAsync();
        var next = feed.MoveNextAsync();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    private IAsyncEnumerator<ProgressSnapshot> Follow() => _feed.FollowAsync(Id, Token).GetAsyncEnumerator(Token);

    private void Show(StatusCounts counts, bool cancelled = false, bool paused = false) => _board.Update(
        Id, libraryId: 1, _ => new ScopeState(counts, Scanning: false, paused, cancelled, TaskGroupId: 0, ++_version, _time.GetUtcNow()));
}
