using System.Threading.Channels;
using Xunit;

namespace Vitrine.Tests.Contracts;

/// <summary>A clock that stands still until a test moves it, and tells when somebody begins to wait on it.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly Channel<TimeSpan> _armed = Channel.CreateUnbounded<TimeSpan>();
    private TimeSpan _elapsed;

    /// <summary>After the start of any real process, so that a worker of this one counts as alive.</summary>
    public static DateTimeOffset Start { get; } = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    private TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
                return _elapsed;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>The wait of the next timer that is set, in the order in which they are.</summary>
    public ValueTask<TimeSpan> NextTimerAsync() => _armed.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>What <see cref="NextTimerAsync"/> has not told yet is not told any more.</summary>
    public void ForgetTimers()
    {
        while (_armed.Reader.TryRead(out _))
            continue;
    }

    /// <summary>Waits until somebody begins to wait for this long; whoever waits for other times is passed over.</summary>
    public async Task TimerOfAsync(TimeSpan wait)
    {
        while (await NextTimerAsync() != wait)
            continue;
    }

    /// <summary>Moves the clock, and fires what becomes due on the way, in order.</summary>
    public void Advance(TimeSpan by)
    {
        var target = Elapsed + by;
        while (TakeDueOrNull(target) is { } due)
            due.Fire();
        lock (_gate)
            _elapsed = target;
    }

    private ManualTimer? TakeDueOrNull(TimeSpan target)
    {
        lock (_gate)
        {
            var due = _timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
            if (due is null)
                return null;
            _elapsed = due.Due > _elapsed ? due.Due : _elapsed;
            _timers.Remove(due);
            return due;
        }
    }

    private sealed class ManualTimer(ManualTime time, Action callback) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = time._elapsed + dueTime;
                time._timers.Add(this);
            }

            time._armed.Writer.TryWrite(dueTime);
            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
