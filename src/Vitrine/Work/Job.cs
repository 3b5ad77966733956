namespace Vitrine.Work;

/// <summary>One run of a named piece of background work.</summary>
/// <param name="Name">For example <c>scan:1</c>.</param>
/// <param name="Status">Queued: it was interrupted by a stop and goes on at the next start.</param>
public sealed record Job(string Name, JobStatus Status, DateTimeOffset StartedAt)
{
    /// <summary>After a cancel nobody wonders for so long.</summary>
    public static TimeSpan CancelPatience { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Grows with every run of any job; 0 until the run is in the database.</summary>
    public long RunId { get; init; }

    public JobTraits Traits { get; init; }

    /// <summary>Whether it was asked to wait; kept over a restart.</summary>
    public bool Paused { get; init; }

    /// <summary>How far it is.</summary>
    public string? Message { get; init; }

    /// <summary>Done, 0 to 1; null when that is not known.</summary>
    public double? Fraction { get; init; }

    /// <summary>What it came to; null before the end, and for jobs that only do.</summary>
    public string? Result { get; init; }

    /// <summary>Why it failed; null otherwise.</summary>
    public string? Error { get; init; }

    /// <summary>Where in the program it failed; null otherwise, and after an interruption.</summary>
    public string? Stack { get; init; }

    /// <summary>When a person asked it to end.</summary>
    public DateTimeOffset? CancelAskedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>What a person must know of a job that was cancelled and does not end; null while there is nothing to say.</summary>
    public string? OverdueOrNull(DateTimeOffset now) =>
        Status == JobStatus.Running && CancelAskedAt is { } asked && now - asked >= CancelPatience
            ? $"asked to cancel {(now - asked).TotalSeconds:0} s ago and has not ended"
            : null;
}
