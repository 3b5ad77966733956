namespace Vitrine.Work;

/// <summary>The last run of a named piece of background work.</summary>
/// <param name="Name">For example <c>scan:1</c>.</param>
/// <param name="Message">How far it is, or what it came to.</param>
/// <param name="Error">Why it failed; null otherwise.</param>
public sealed record Job(
    string Name, JobStatus Status, string? Message, string? Error, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt);
