using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>The last run of a named job.</summary>
public sealed record JobItem(
    string Name, JobStatus Status, string? Message, string? Error, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt)
{
    internal static JobItem Of(Job job) => new(job.Name, job.Status, job.Message, job.Error, job.StartedAt, job.FinishedAt);
}

/// <summary>Newest first.</summary>
public sealed record JobList(IReadOnlyList<JobItem> Items);
