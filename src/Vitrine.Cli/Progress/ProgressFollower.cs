using System.Net.WebSockets;
using System.Text.Json;
using Vitrine.Cli.Client;
using Vitrine.Progress;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Progress;

/// <summary>Follows a task group to its end: over a socket, and by asking each second where sockets do not get through.</summary>
internal sealed class ProgressFollower(VitrineClient client)
{
    private const int LongestSnapshot = 4096;

    private static readonly TimeSpan s_pollInterval = TimeSpan.FromSeconds(1);

    /// <summary>A server that restarts is waited for; one that is gone is not.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <param name="id">A task group or a library.</param>
    /// <param name="show">Gets every snapshot, in order; the last one too.</param>
    /// <returns>The final snapshot.</returns>
    /// <exception cref="ServerUnreachableException">The server went away and did not come back.</exception>
    public async Task<ProgressItem> FollowAsync(string id, Action<ProgressItem> show, CancellationToken cancellationToken)
    {
        var lastHeard = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                var latest = await FollowSocketAsync(id, show, cancellationToken) ?? await client.ProgressAsync(id, cancellationToken);
                lastHeard = TimeProvider.System.GetTimestamp();
                show(latest);
                if (IsFinal(latest))
                    return latest;
            }
            catch (ServerUnreachableException) when (TimeProvider.System.GetElapsedTime(lastHeard) < s_patience)
            {
                // it may be restarting
            }

            await Task.Delay(s_pollInterval, cancellationToken);
        }
    }

    /// <returns>The final snapshot; null when the socket did not get there.</returns>
    private async Task<ProgressItem?> FollowSocketAsync(string id, Action<ProgressItem> show, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = await client.OpenProgressSocketAsync(id, cancellationToken);
            var buffer = new byte[LongestSnapshot];
            while (await ReadAsync(socket, buffer, cancellationToken) is { } snapshot)
            {
                if (IsFinal(snapshot))
                    return snapshot;
                show(snapshot);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or JsonException)
        {
            // asking does instead
        }

        return null;
    }

    private static async Task<ProgressItem?> ReadAsync(ClientWebSocket socket, byte[] buffer, CancellationToken cancellationToken)
    {
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
                return null;
            length += received.Count;
            if (received.EndOfMessage)
                return JsonSerializer.Deserialize(buffer.AsSpan(0, length), ApiJson.Default.ProgressItem);
            if (length == buffer.Length)
                throw new JsonException("A snapshot is longer than any can be.");
        }
    }

    private static bool IsFinal(ProgressItem snapshot) => snapshot.Status is ProgressStatus.Complete or ProgressStatus.Cancelled;
}
