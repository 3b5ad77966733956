using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>One run of a named job.</summary>
/// <param name="Status">Queued: the program was stopped, and the job goes on at its next start.</param>
/// <param name="Note">What a person should know of it, e.g. that it was cancelled and does not end; usually null.</param>
/// <param name="Fraction">Done, 0 to 1; null when that is not known.</param>
/// <param name="Stack">Where in the program it failed.</param>
public sealed record JobItem(
    string Name,
    long RunId,
    JobStatus Status,
    string? Message,
    string? Note,
    double? Fraction,
    string? Result,
    string? Error,
    string? Stack,
    bool Paused,
    bool CanPause,
    DateTimeOffset StartedAt,
    DateTimeOffset? CancelAskedAt,
    DateTimeOffset? FinishedAt)
{
    /// <param name="now">For how long it has been cancelled.</param>
    internal static JobItem Of(Job job, DateTimeOffset now) => new(
        job.Name, job.RunId, job.Status, job.Message, job.OverdueOrNull(now), job.Fraction, job.Result, job.Error, job.Stack, job.Paused,
        job.Traits.HasFlag(JobTraits.Pausable), job.StartedAt, job.CancelAskedAt, job.FinishedAt);
}

/// <summary>A line that was logged while a job ran.</summary>
/// <param name="Level">information, warning, error or critical.</param>
public sealed record JobLineItem(DateTimeOffset At, string Level, string Text)
{
    internal static JobLineItem Of(JobLine line) => new(line.At, line.Level.ToString().ToLowerInvariant(), line.Text);
}

/// <summary>The last run of each job, newest first.</summary>
public sealed record JobList(IReadOnlyList<JobItem> Items);

/// <summary>One run with its last log lines, and the runs of its job that are kept, newest first.</summary>
public sealed record JobFacts(JobItem Job, IReadOnlyList<JobItem> Runs, IReadOnlyList<JobLineItem> Lines);
