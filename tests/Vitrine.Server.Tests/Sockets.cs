using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Vitrine.Server.Tests;

/// <summary>The client's side of a socket.</summary>
internal static class Sockets
{
    /// <summary>The next message; null when the server closed.</summary>
    public static async Task<JsonElement?> ReadOrNullAsync(WebSocket socket)
    {
        using var late = Patience.Source();
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, late.Token);
            if (received.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
                return JsonDocument.Parse(message.ToArray()).RootElement;
        }
    }

    /// <summary>Every message until the server closes by itself, then the client's goodbye.</summary>
    public static async Task<List<JsonElement>> ReadToEndAsync(WebSocket socket)
    {
        var messages = new List<JsonElement>();
        while (await ReadOrNullAsync(socket) is { } message)
            messages.Add(message);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        return messages;
    }

    /// <summary>Reads on until the server says goodbye, and says so too.</summary>
    public static async Task ReadToGoodbyeAsync(WebSocket socket)
    {
        while (await ReadOrNullAsync(socket) is not null)
            continue;
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
    }

    /// <summary>Messages up to the first one that fits, which is the last of the answer.</summary>
    public static async Task<List<JsonElement>> ReadUntilAsync(WebSocket socket, Func<JsonElement, bool> fits)
    {
        var messages = new List<JsonElement>();
        while (await ReadOrNullAsync(socket) is { } message)
        {
            messages.Add(message);
            if (fits(message))
                return messages;
        }

        throw new InvalidOperationException("The socket ended before the message came.");
    }

    public static Task SendAsync(WebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
}
