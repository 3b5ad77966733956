using System.Diagnostics;

namespace Vitrine.Storage;

/// <summary>
/// The database's clock, for all processes on it: leases and waiting times that one machine writes and another reads must not
/// depend on whose clock is right. The offset is measured again at each heartbeat.
/// </summary>
/// <remarks>Thread-safe. Timers and timestamps are the machine's own: only the time of day is shared.</remarks>
public sealed class SharedClock(Database database, TimeProvider machine) : TimeProvider
{
    private long _offsetTicks;

    /// <summary>How far the database's clock is ahead of this machine's.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    public override long TimestampFrequency => machine.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + Offset;

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>Asks the database, and takes its answer to be from the middle of the journey.</summary>
    /// <exception cref="DatabaseUnavailableException">It does not answer; the offset stays as it was.</exception>
    public void Measure()
    {
        var started = Stopwatch.GetTimestamp();
        var answer = StoredTime.FromStored(database.Read(connection =>
        {
            started = Stopwatch.GetTimestamp(); // after the connection was opened
            return connection.QueryNumber("SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT");
        }));
        var middle = machine.GetUtcNow() - (Stopwatch.GetElapsedTime(started) / 2);
        Interlocked.Exchange(ref _offsetTicks, (answer - middle).Ticks);
    }
}
