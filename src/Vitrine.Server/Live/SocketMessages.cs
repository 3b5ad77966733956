using System.Net.WebSockets;

namespace Vitrine.Server.Live;

/// <summary>Reading and closing sockets, the same for every endpoint.</summary>
internal static class SocketMessages
{
    /// <summary>A client's longest message: 500 ids of 19 digits fit twice.</summary>
    private const int LongestMessage = 20_000;

    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_lastGoodbye = TimeSpan.FromSeconds(1);

    /// <summary>Each text message of the client until it closes; a longer one than allowed ends the socket.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAllAsync(WebSocket socket)
    {
        var buffer = new byte[LongestMessage];
        var length = 0;
        while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
        {
            ValueWebSocketReceiveResult received;
            try
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
            }
            catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
            {
                yield break; // the client went away without a word
            }

            if (received.MessageType == WebSocketMessageType.Close)
                yield break;
            length += received.Count;
            if (received.EndOfMessage)
            {
                yield return buffer.AsMemory(0, length);
                length = 0;
            }
            else if (length == buffer.Length)
            {
                socket.Abort();
                yield break;
            }
        }
    }

    /// <summary>Reads and forgets until the client closes, then cancels <paramref name="closed"/>.</summary>
    public static async Task DrainAsync(WebSocket socket, CancellationTokenSource closed)
    {
        await foreach (var _ in ReadAllAsync(socket))
            continue;
        await closed.CancelAsync();
    }

    /// <summary>
    /// Says goodbye, waits for the client to do so too, for then it has read all that it was sent, and is done with it in any case:
    /// after 15 s, or a second after the server was asked to stop.
    /// </summary>
    /// <param name="reading">What reads from the socket; it has ended when this has.</param>
    public static async Task EndAsync(WebSocket socket, Task reading, TimeProvider time, CancellationToken stopping)
    {
        var status = stopping.IsCancellationRequested ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.NormalClosure;
        await CloseAsync(socket, status, time, stopping);
        if (!await EndsInTimeAsync(reading, time, stopping))
            socket.Abort();
        await reading;
    }

    /// <summary>Sends the close message, unless that was done or the client is gone; a client that takes nothing any more is cut off, in the times of <see cref="EndAsync"/>.</summary>
    public static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status, TimeProvider time, CancellationToken stopping)
    {
        try
        {
            if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
                return;
            var closing = socket.CloseOutputAsync(status, null, CancellationToken.None);
            if (await EndsInTimeAsync(closing, time, stopping))
                await closing;
            else
                socket.Abort();
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            socket.Abort();
        }
    }

    private static async Task<bool> EndsInTimeAsync(Task task, TimeProvider time, CancellationToken stopping)
    {
        await task.WaitAsync(s_goodbye, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stopping.IsCancellationRequested)
            await task.WaitAsync(s_lastGoodbye, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompleted;
    }
}
