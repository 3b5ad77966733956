using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vitrine.Server.Errors;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>Named jobs: what runs, what ran last, holding one and ending one early.</summary>
internal static class JobsApi
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/api/jobs").WithTags("jobs");
        jobs.MapGet("", List).WithName("listJobs")
            .WithSummary("The last run of every job")
            .WithDescription("The newest first.");
        jobs.MapGet("{name}", Get).WithName("getJob")
            .WithSummary("One run of a job, with its log lines, and the runs before it")
            .WithDescription("The last run, or the one that run names; the last 100 lines and 20 runs are kept.");
        jobs.MapPost("{name}/cancel", CancelAsync).WithName("cancelJob")
            .WithSummary("Ask a running job to end")
            .WithDescription("It ends between two of its items; until then it is still running.")
            .WithProblems(ProblemKind.JobNotRunning);
        jobs.MapPost("{name}/pause", PauseAsync).WithName("pauseJob")
            .WithSummary("Hold a running job")
            .WithDescription("It waits between two of its items, also over a restart.")
            .WithProblems(ProblemKind.JobNotRunning, ProblemKind.JobNotPausable);
        jobs.MapPost("{name}/resume", ResumeAsync).WithName("resumeJob")
            .WithSummary("Let a held job go on")
            .WithDescription("One that is not held goes on as it does.")
            .WithProblems(ProblemKind.JobNotRunning, ProblemKind.JobNotPausable);
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
            return Problems.Of(ProblemKind.JobNotPausable, $"Job '{name}' cannot be paused: it is short, or one step. It can be cancelled.");
        return await jobs.SetPausedAsync(name, paused, cancellationToken) ? Answer(name, jobs, time) : NotRunning(job);
    }

    private static Accepted<JobItem> Answer(string name, NamedJobs jobs, TimeProvider time) =>
        TypedResults.Accepted($"/api/jobs/{Uri.EscapeDataString(name)}", JobItem.Of(jobs.FindOrNull(name)!, time.GetUtcNow()));

    private static ProblemHttpResult NotRunning(Job job) =>
        Problems.Of(ProblemKind.JobNotRunning, $"Job '{job.Name}' does not run: it is {job.Status.ToString().ToLowerInvariant()} already.");
}
