namespace Vitrine.Storage;

/// <summary>How a point in time is stored: whole microseconds since 1970-01-01 UTC, from the year 1 to 9999.</summary>
public static class StoredTime
{
    private static readonly long s_first = DateTimeOffset.MinValue.ToStored();
    private static readonly long s_last = DateTimeOffset.MaxValue.ToStored();

    public static long ToStored(this DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The clock's time as the database will give it back: what is told before it is stored and after it is the same.</summary>
    public static DateTimeOffset GetStoredNow(this TimeProvider time) => FromStored(time.GetUtcNow().ToStored());

    public static DateTimeOffset FromStored(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>A file's time. File systems keep times that no calendar has: before the year 1 and after 9999 the first and the last count.</summary>
    public static long FromUnix(long seconds, uint nanoseconds)
    {
        if (seconds >= s_last / 1_000_000)
            return s_last;
        if (seconds <= s_first / 1_000_000)
            return s_first;
        // Through ticks, as DateTime has them: files dated before 1970 have always been stored so.
        return ((seconds * TimeSpan.TicksPerSecond) + (nanoseconds / 100)) / TimeSpan.TicksPerMicrosecond;
    }
}
