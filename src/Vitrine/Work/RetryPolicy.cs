namespace Vitrine.Work;

/// <summary>How often and when work that failed for a passing reason is tried again.</summary>
public static class RetryPolicy
{
    /// <summary>A passing trouble that is still there at this attempt becomes the asset's failure.</summary>
    public const int MaxAttempts = 5;

    /// <summary>An asset whose work was begun so often and never ended takes the process down with it, whatever the reason.</summary>
    public const int MaxInterruptions = 20;

    /// <summary>An asset that ends so many decoders, alone with each, is not tried again.</summary>
    public const int MaxDecoderCrashes = 3;

    /// <summary>A file at which decoders ran out of their time so often fails. Once is not enough: a drive that stalls for a minute makes any file late.</summary>
    public const int MaxTimeOuts = 3;

    /// <summary>How long a process leaves work alone whose folder it does not see: a drive that was pulled, a share that is mounted elsewhere.</summary>
    public static TimeSpan OfflineWait { get; } = TimeSpan.FromSeconds(15);

    /// <summary>How long work waits that no process here can do now (what it makes cannot be written, no decoder starts): 5 seconds, between half and one and a half of that, so that they spread.</summary>
    public static TimeSpan OutageWait() => TimeSpan.FromSeconds(5 * (0.5 + Random.Shared.NextDouble()));

    /// <summary>How long a file that ran out of its time is left alone: half the time that it was given, between half and one and a half of that.</summary>
    public static TimeSpan WaitAfterTimeOut(TimeSpan limit) => limit / 2 * (0.5 + Random.Shared.NextDouble());

    /// <summary>1, 2, 4, 8 … seconds, up to a minute, each between half and one and a half of that, so that they spread.</summary>
    public static TimeSpan Backoff(int attempt) =>
        TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Max(0, attempt - 1)), 60) * (0.5 + Random.Shared.NextDouble()));
}
