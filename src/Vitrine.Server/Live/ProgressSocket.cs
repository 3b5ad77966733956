using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Vitrine.Progress;
using Vitrine.Server.Api;
using Vitrine.Server.Errors;

namespace Vitrine.Server.Live;

/// <summary><c>WS /ws/progress/{id}</c>: snapshots until the final one, then the socket closes by itself.</summary>
internal static class ProgressSocket
{
    public static async Task RunAsync(HttpContext context, long id, ProgressFeed feed, ProgressBoard board, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await Problems.WriteAsync(context, ProblemKind.SocketNeeded, $"Open this address as a WebSocket, or use /sse/progress/{id}.");
            return;
        }

        if (board.SnapshotOrNull(id) is null)
        {
            await Problems.NotFound($"library or task group {id}").ExecuteAsync(context);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var reading = SocketMessages.DrainAsync(socket, closed);
        try
        {
            await foreach (var snapshot in feed.FollowAsync(id, closed.Token))
            {
                var message = JsonSerializer.SerializeToUtf8Bytes(ProgressItem.Of(snapshot), ApiJson.Default.ProgressItem);
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, closed.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // the client went away, or the server stops
        }

        await SocketMessages.EndAsync(socket, reading, time, lifetime.ApplicationStopping);
    }
}
