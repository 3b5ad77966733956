namespace Vitrine.Storage;

/// <summary>How a point in time is stored: whole microseconds since 1970-01-01 UTC.</summary>
public static class StoredTime
{
    public static long ToStored(this DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The clock's time as the database will give it back: what is told before it is stored and after it is the same.</summary>
    public static DateTimeOffset GetStoredNow(this TimeProvider time) => FromStored(time.GetUtcNow().ToStored());

    public static DateTimeOffset FromStored(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
