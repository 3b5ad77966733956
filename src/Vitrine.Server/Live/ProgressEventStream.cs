using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vitrine.Progress;
using Vitrine.Server.Api;

namespace Vitrine.Server.Live;

/// <summary><c>GET /sse/progress/{id}</c>: the same snapshots as server-sent events, ending after the final one.</summary>
internal static class ProgressEventStream
{
    public static async Task RunAsync(HttpContext context, long id, ProgressFeed feed, ProgressBoard board)
    {
        if (board.SnapshotOrNull(id) is null)
        {
            await Problems.NotFound($"library or task group {id}").ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await foreach (var snapshot in feed.FollowAsync(id, context.RequestAborted))
            {
                var json = JsonSerializer.Serialize(ProgressItem.Of(snapshot), ApiJson.Default.ProgressItem);
                await context.Response.WriteAsync($"id: {snapshot.Version}\ndata: {json}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // the client went away
        }
    }
}
