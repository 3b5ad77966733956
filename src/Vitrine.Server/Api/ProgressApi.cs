using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Vitrine.Progress;
using Vitrine.Server.Description;
using Vitrine.Server.Errors;
using Vitrine.Server.Live;

namespace Vitrine.Server.Api;

/// <summary>Progress of a library or a task group: polling, socket and event stream give the same snapshot.</summary>
internal static class ProgressApi
{
    public static void MapProgress(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/progress/{id:long}", Get).WithTags("progress").WithName("getProgress")
            .WithSummary("How far a library or a task group is")
            .WithDescription("With an ETag: what has not changed is answered with 304.")
            .Produces(StatusCodes.Status304NotModified);
        routes.MapGet("/ws/progress/{id:long}", ProgressSocket.RunAsync).WithTags("progress").WithName("followProgressBySocket")
            .WithSummary("Progress over a WebSocket")
            .WithDescription("Each message is a snapshot as GET /api/progress/{id} gives it: the first at once, at most one per 100 ms, one at least every 5 s. The socket closes by itself after the final one.")
            .WithMetadata(SpokenProtocol.Socket);
        routes.MapGet("/sse/progress/{id:long}", ProgressEventStream.RunAsync).WithTags("progress").WithName("followProgressByEvents")
            .WithSummary("Progress as server-sent events")
            .WithDescription("The data of each event is a snapshot as GET /api/progress/{id} gives it, its id is the snapshot's version. The stream ends after the final one.")
            .WithMetadata(SpokenProtocol.ProgressEvents);
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
