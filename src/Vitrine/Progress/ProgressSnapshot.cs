namespace Vitrine.Progress;

/// <summary>
/// How far a library or a task group is. The socket, the event stream, polling, the command line and the screen all read this.
/// </summary>
/// <param name="TaskGroupId">The group itself, or the newest one of a library.</param>
/// <param name="Scanning">Whether files are still being found: <see cref="Counts"/> may grow.</param>
/// <param name="RatePerSecond">Assets per second in the current phase, over the last seconds; 0 while nothing moves.</param>
/// <param name="EtaSeconds">Time left; null when it cannot be told.</param>
/// <param name="Version">Grows with every change, never falls, also over restarts.</param>
public sealed record ProgressSnapshot(
    long LibraryId,
    long TaskGroupId,
    ProgressPhase Phase,
    ProgressStatus Status,
    bool Scanning,
    StatusCounts Counts,
    double RatePerSecond,
    double? EtaSeconds,
    long Version,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Nothing more will come unless somebody asks for work.</summary>
    public bool IsFinal => Status is ProgressStatus.Complete or ProgressStatus.Cancelled;
}
