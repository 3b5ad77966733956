using Microsoft.Extensions.Logging;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>One run of a named job.</summary>
/// <param name="Name">Such as scan:1.</param>
/// <param name="RunId">Of this run among those of the job.</param>
/// <param name="Message">What it is at.</param>
/// <param name="Result">What it did, once it has ended well.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="CancelAskedAt">Since when it is asked to end.</param>
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
public sealed record JobLineItem(DateTimeOffset At, JobLineLevel Level, string Text)
{
    internal static JobLineItem Of(JobLine line) => new(line.At, LevelOf(line.Level), line.Text);

    /// <summary>What is less than information is not kept.</summary>
    private static JobLineLevel LevelOf(LogLevel level) => level switch
    {
        LogLevel.Critical => JobLineLevel.Critical,
        LogLevel.Error => JobLineLevel.Error,
        LogLevel.Warning => JobLineLevel.Warning,
        _ => JobLineLevel.Information,
    };
}

/// <summary>The last run of each job, newest first.</summary>
public sealed record JobList(IReadOnlyList<JobItem> Items);

/// <summary>One run with its last log lines, and the runs of its job that are kept, newest first.</summary>
public sealed record JobFacts(JobItem Job, IReadOnlyList<JobItem> Runs, IReadOnlyList<JobLineItem> Lines);
