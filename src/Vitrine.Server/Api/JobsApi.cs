using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>Named jobs: what runs, what ran last, holding one and ending one early.</summary>
internal static class JobsApi
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/api/jobs").WithTags("jobs");
        jobs.MapGet("", List).WithName("listJobs");
        jobs.MapGet("{name}", Get).WithName("getJob");
        jobs.MapPost("{name}/cancel", CancelAsync).WithName("cancelJob");
        jobs.MapPost("{name}/pause", PauseAsync).WithName("pauseJob");
        jobs.MapPost("{name}/resume", ResumeAsync).WithName("resumeJob");
    }

    private static Ok<JobList> List(NamedJobs jobs, TimeProvider time) =>
        TypedResults.Ok(new JobList([.. jobs.All().Select(job => JobItem.Of(job, time.GetUtcNow()))]));

    /// <param name="run">One of the kept runs; the last one by default.</param>
    private static Results<Ok<JobFacts>, ProblemHttpResult> Get(string name, NamedJobs jobs, TimeProvider time, long? run = null)
    {
        var runs = jobs.Runs(name);
        if (runs.Count == 0)
            return Problems.NotFound($"job '{name}'");
        if ((run is null ? runs[0] : runs.FirstOrDefault(one => one.RunId == run)) is not { } chosen)
            return Problems.NotFound($"run {run} of job '{name}' among the last {runs.Count}");
        var now = time.GetUtcNow();
        return TypedResults.Ok(new JobFacts(
            JobItem.Of(chosen, now), [.. runs.Select(one => JobItem.Of(one, now))], [.. jobs.Lines(chosen).Select(JobLineItem.Of)]));
    }

    private static async Task<Results<Accepted<JobItem>, ProblemHttpResult>> CancelAsync(
        string name, NamedJobs jobs, TimeProvider time, CancellationToken cancellationToken)
    {
        if (jobs.FindOrNull(name) is not { } job)
            return Problems.NotFound($"job '{name}'");
        return await jobs.CancelAsync(name, cancellationToken) ? Answer(name, jobs, time) : NotRunning(job);
    }

    private static Task<Results<Accepted<JobItem>, ProblemHttpResult>> PauseAsync(
        string name, NamedJobs jobs, TimeProvider time, CancellationToken cancellationToken) =>
        SetPausedAsync(name, paused: true, jobs, time, cancellationToken);

    private static Task<Results<Accepted<JobItem>, ProblemHttpResult>> ResumeAsync(
        string name, NamedJobs jobs, TimeProvider time, CancellationToken cancellationToken) =>
        SetPausedAsync(name, paused: false, jobs, time, cancellationToken);

    private static async Task<Results<Accepted<JobItem>, ProblemHttpResult>> SetPausedAsync(
        string name, bool paused, NamedJobs jobs, TimeProvider time, CancellationToken cancellationToken)
    {
        if (jobs.FindOrNull(name) is not { } job)
            return Problems.NotFound($"job '{name}'");
        if (job.Status == JobStatus.Running && !job.Traits.HasFlag(JobTraits.Pausable))
            return Problems.BadRequest($"job '{name}' cannot be paused: it is short, or one step. It can be cancelled.");
        return await jobs.SetPausedAsync(name, paused, cancellationToken) ? Answer(name, jobs, time) : NotRunning(job);
    }

    private static Accepted<JobItem> Answer(string name, NamedJobs jobs, TimeProvider time) =>
        TypedResults.Accepted($"/api/jobs/{Uri.EscapeDataString(name)}", JobItem.Of(jobs.FindOrNull(name)!, time.GetUtcNow()));

    private static ProblemHttpResult NotRunning(Job job) =>
        Problems.BadRequest($"job '{job.Name}' does not run: it is {job.Status.ToString().ToLowerInvariant()} already.");
}
