using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Vitrine.Progress;
using Vitrine.Server.Live;

namespace Vitrine.Server.Api;

/// <summary>Progress of a library or a task group: polling, socket and event stream give the same snapshot.</summary>
internal static class ProgressApi
{
    public static void MapProgress(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/progress/{id:long}", Get).WithTags("progress").WithName("getProgress");
        routes.Map("/ws/progress/{id:long}", ProgressSocket.RunAsync).ExcludeFromDescription();
        routes.MapGet("/sse/progress/{id:long}", ProgressEventStream.RunAsync).ExcludeFromDescription();
    }

    private static Results<Ok<ProgressItem>, StatusCodeHttpResult, ProblemHttpResult> Get(long id, HttpContext context, ProgressBoard board)
    {
        if (board.SnapshotOrNull(id) is not { } snapshot)
            return Problems.NotFound($"library or task group {id}");
        var tag = new EntityTagHeaderValue($"\"{snapshot.Version}\"");
        context.Response.Headers.ETag = tag.ToString();
        context.Response.Headers.CacheControl = "private, no-cache";
        return context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(ProgressItem.Of(snapshot));
    }
}
