namespace Vitrine.Progress;

/// <summary>Speed of a growing count over the last seconds. Not thread-safe.</summary>
internal sealed class RateMeter(TimeSpan window)
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    private readonly Queue<(long Timestamp, long Count)> _samples = new();
    private long _latest;
    private long _lastSample;

    /// <param name="timestamp">From <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="count">May fall (a retry, a removal): the meter then starts again.</param>
    public void Observe(long timestamp, long count, TimeProvider time)
    {
        if (count < _latest)
            _samples.Clear();
        _latest = count;
        if (_samples.Count == 0 || time.GetElapsedTime(_lastSample, timestamp) >= s_step)
        {
            _samples.Enqueue((timestamp, count));
            _lastSample = timestamp;
        }

        Forget(timestamp, time);
    }

    /// <summary>Per second; 0 before two samples or when the window has passed without any.</summary>
    public double PerSecond(long timestamp, TimeProvider time)
    {
        Forget(timestamp, time);
        if (!_samples.TryPeek(out var oldest))
            return 0;
        var seconds = time.GetElapsedTime(oldest.Timestamp, timestamp).TotalSeconds;
        return seconds < 0.05 ? 0 : (_latest - oldest.Count) / seconds;
    }

    private void Forget(long timestamp, TimeProvider time)
    {
        while (_samples.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Timestamp, timestamp) > window)
            _samples.Dequeue();
    }
}
