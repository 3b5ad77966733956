using Vitrine.Tests.Contracts;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work;

public sealed class SignalTests
{
    private readonly ManualTime _time = new();
    private readonly WorkSignal _signal;

    public SignalTests()
    {
        _signal = new WorkSignal(_time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_PulseBetweenLookingAndWaiting_IsNotMissed()
    {
        var next = _signal.Next;
        _signal.Pulse();

        await _signal.WaitAsync(next, TimeSpan.FromDays(1), Token);
        Assert.False(_signal.Next.IsCompleted);
    }

    [Fact]
    public async Task Wait_NoPulse_ReturnsAfterTheTime()
    {
        var waiting = _signal.WaitAsync(_signal.Next, TimeSpan.FromSeconds(5), Token);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        await waiting;
    }

    [Fact]
    public async Task Wait_Cancelled_Throws()
    {
        using var stop = new CancellationTokenSource();
        var waiting = _signal.WaitAsync(_signal.Next, TimeSpan.FromSeconds(5), stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Pulse_ManyWaiters_WakesThemAll()
    {
        var waiting = Enumerable.Range(0, 10).Select(_ => _signal.WaitAsync(_signal.Next, TimeSpan.FromDays(1), Token)).ToList();
        _signal.Pulse();

        await Task.WhenAll(waiting);
    }

    [Fact]
    public void Seen_NewerReports_GoFirstAndOldOnesFallOff()
    {
        var visible = new VisibleAssets(_signal);
        var next = _signal.Next;
        visible.Seen([1, 2, 3]);
        visible.Seen([9, 2]);

        Assert.True(next.IsCompleted);
        Assert.Equal([9, 2, 1, 3], visible.Current.Ids);
        Assert.Equal(2, visible.Current.Version);
        visible.Seen([.. Enumerable.Range(100, VisibleAssets.Capacity).Select(id => (long)id)]);
        Assert.Equal(VisibleAssets.Capacity, visible.Current.Ids.Count);
        Assert.DoesNotContain(9, visible.Current.Ids);
    }

    [Fact]
    public async Task Seen_ManyClientsAtOnce_LosesNoReport()
    {
        var visible = new VisibleAssets(_signal);

        await Task.WhenAll(Enumerable.Range(1, 100).Select(id => Task.Run(() => visible.Seen([id]))));

        Assert.Equal(Enumerable.Range(1, 100).Select(id => (long)id), visible.Current.Ids.Order());
        Assert.Equal(100, visible.Current.Version);
    }

    [Fact]
    public void Backoff_AnyAttempt_DoublesUpToAMinuteWithinItsSpread()
    {
        for (var attempt = 1; attempt <= 100; attempt++)
        {
            var middle = Math.Min(Math.Pow(2, attempt - 1), 60);
            Assert.InRange(RetryPolicy.Backoff(attempt).TotalSeconds, middle * 0.5, middle * 1.5);
        }

        Assert.InRange(RetryPolicy.Backoff(0).TotalSeconds, 0.5, 1.5);
    }
}
