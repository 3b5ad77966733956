using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Vitrine.Progress;
using Vitrine.Server.Api;
using Vitrine.Server.Errors;

namespace Vitrine.Server.Live;

/// <summary><c>GET /sse/progress/{id}</c>: the same snapshots as server-sent events, ending after the final one.</summary>
internal static class ProgressEventStream
{
    public static async Task RunAsync(HttpContext context, long id, ProgressFeed feed, ProgressBoard board, IHostApplicationLifetime lifetime)
    {
        if (board.SnapshotOrNull(id) is null)
        {
            await Problems.NotFound($"library or task group {id}").ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await foreach (var snapshot in feed.FollowAsync(id, closed.Token))
            {
                var json = JsonSerializer.Serialize(ProgressItem.Of(snapshot), ApiJson.Default.ProgressItem);
                await context.Response.WriteAsync($"id: {snapshot.Version}\ndata: {json}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (closed.IsCancellationRequested)
        {
            // the client went away, or the server stops
        }
    }
}
