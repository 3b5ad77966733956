using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>Named jobs: what runs, what ran last, and ending one early.</summary>
internal static class JobsApi
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/api/jobs").WithTags("jobs");
        jobs.MapGet("", List).WithName("listJobs");
        jobs.MapGet("{name}", Get).WithName("getJob");
        jobs.MapPost("{name}/cancel", Cancel).WithName("cancelJob");
    }

    private static Ok<JobList> List(NamedJobs jobs) => TypedResults.Ok(new JobList([.. jobs.All().Select(JobItem.Of)]));

    private static Results<Ok<JobItem>, ProblemHttpResult> Get(string name, NamedJobs jobs) =>
        jobs.FindOrNull(name) is { } job ? TypedResults.Ok(JobItem.Of(job)) : Problems.NotFound($"job '{name}'");

    private static Results<Accepted<JobItem>, ProblemHttpResult> Cancel(string name, NamedJobs jobs)
    {
        if (jobs.FindOrNull(name) is not { } job)
            return Problems.NotFound($"job '{name}'");
        return jobs.Cancel(name)
            ? TypedResults.Accepted($"/api/jobs/{name}", JobItem.Of(job))
            : Problems.BadRequest($"job '{name}' does not run: it is {job.Status.ToString().ToLowerInvariant()} already.");
    }
}
