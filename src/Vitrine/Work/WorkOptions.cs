using System.ComponentModel.DataAnnotations;

namespace Vitrine.Work;

/// <summary>What a process works on, and for how long its claims outlive it.</summary>
public sealed record WorkOptions
{
    /// <summary>The stages it claims for.</summary>
    public WorkedStages Stages { get; init; } = WorkedStages.All;

    /// <summary>How long claims outlive the last heartbeat of their process.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Lease { get; init; } = WorkerStore.Lease;

    /// <summary>A third of the lease: two may be missed.</summary>
    internal TimeSpan HeartbeatInterval => Lease / 3;
}
