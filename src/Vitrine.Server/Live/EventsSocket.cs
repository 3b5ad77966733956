using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Server.Api;
using Vitrine.Server.Description;
using Vitrine.Server.Errors;
using Vitrine.Work;

namespace Vitrine.Server.Live;

/// <summary>
/// <c>WS /ws/events?library={id}</c>: what changed, in batches. The client tells what it sees; only that is sent whole, so that
/// a full-speed import costs the page next to nothing.
/// </summary>
internal static class EventsSocket
{
    /// <summary>As often as progress. At 200 ms, what came right after another message took 168 ms in the 99th of 100 cases (docs/benchmarks.md).</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(5);

    public static void MapEvents(this IEndpointRouteBuilder routes) => routes.MapGet("/ws/events", RunAsync).WithTags("events").WithName("followEvents")
        .WithSummary("Changes over a WebSocket")
        .WithDescription(
            "Each message is an object with what changed since the last one: total, assets, libraries, jobs, tags, caches, reload; parts that did not change are absent. "
            + "The client sends {\"visible\": [17, 18]} when its window changes, and is told of these assets only. At most one message per 100 ms, one at least every 5 s.")
        .WithMetadata(SpokenProtocol.Socket);

    private static async Task RunAsync(
        HttpContext context, Announcements announcements, LibraryStore libraries, AssetStore assets, BrowseIndex browse, ProgressBoard board,
        NamedJobs jobs, FollowedLibraries followed, VisibleAssets visible, TimeProvider time, IHostApplicationLifetime lifetime, long? library = null)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await Problems.WriteAsync(context, ProblemKind.SocketNeeded, "Open this address as a WebSocket.");
            return;
        }

        if (library is { } id && libraries.FindOrNull(id) is null)
        {
            await Problems.NotFound($"library {id}").ExecuteAsync(context);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var pending = new PendingEvents(library, time);
        using var subscription = announcements.Subscribe(pending.Hear);
        var reading = ReadAsync(socket, pending, visible, closed, time, lifetime.ApplicationStopping);
        try
        {
            while (true)
            {
                await pending.WaitAsync(s_heartbeat, closed.Token);
                var message = pending.Take(libraries, assets, browse, board, jobs, followed);
                var json = JsonSerializer.SerializeToUtf8Bytes(message, ApiJson.Default.EventMessage);
                await socket.SendAsync(json, WebSocketMessageType.Text, endOfMessage: true, closed.Token);
                await Task.Delay(s_interval, time, closed.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // the client went away, or the server stops
        }

        await SocketMessages.EndAsync(socket, reading, time, lifetime.ApplicationStopping);
    }

    private static async Task ReadAsync(
        WebSocket socket, PendingEvents pending, VisibleAssets visible, CancellationTokenSource closed, TimeProvider time, CancellationToken stopping)
    {
        await foreach (var message in SocketMessages.ReadAllAsync(socket))
        {
            if (IdsOrNull(message) is not { } ids)
                continue;
            // In this order: when the client is told of what came into its window, its report counts already.
            visible.Seen(ids);
            pending.Sees(ids);
        }

        await SocketMessages.CloseAsync(socket, WebSocketCloseStatus.NormalClosure, time, stopping);
        await closed.CancelAsync();
    }

    /// <summary>Null for a message that is none of ours: it is passed over.</summary>
    private static IReadOnlyList<long>? IdsOrNull(ReadOnlyMemory<byte> message)
    {
        try
        {
            return JsonSerializer.Deserialize(message.Span, ApiJson.Default.ClientMessage)?.Visible is { } ids
                ? [.. ids.Take(VisibleAssets.Capacity)]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
