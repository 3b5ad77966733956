using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>The processes that work on this database, of all machines.</summary>
internal static class WorkersApi
{
    public static void MapWorkers(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/workers", List).WithTags("jobs").WithName("listWorkers")
            .WithSummary("The processes that work on the database")
            .WithDescription("Of all machines, in the order of their starts.");

    private static Ok<WorkerList> List(WorkerStore workers, TimeProvider time) =>
        TypedResults.Ok(new WorkerList([.. workers.All().Select(worker => WorkerItem.Of(worker, time.GetUtcNow()))]));
}
