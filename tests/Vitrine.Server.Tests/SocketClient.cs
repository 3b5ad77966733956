using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Xunit;

namespace Vitrine.Server.Tests;

/// <summary>
/// The client's side of a socket. Like a browser it reads all the time, whether or not anybody asks for a message yet: a client that does not read
/// answers no ping, and the server takes it for gone.
/// </summary>
internal sealed class SocketClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<JsonElement> _messages = Channel.CreateUnbounded<JsonElement>();

    private SocketClient((string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
            _socket.Options.SetRequestHeader(name, value);
        _socket.Options.CollectHttpResponseDetails = true;
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public WebSocketState State => _socket.State;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public static async Task<SocketClient> ConnectAsync(Uri server, string path, params (string Name, string Value)[] headers)
    {
        var client = new SocketClient(headers);
        await client._socket.ConnectAsync(UriOf(server, path), Cancelled);
        _ = client.ReadAllAsync();
        return client;
    }

    /// <summary>With what status a socket is refused.</summary>
    public static async Task<HttpStatusCode> RefusalAsync(Uri server, string path, params (string Name, string Value)[] headers)
    {
        using var client = new SocketClient(headers);
        await Assert.ThrowsAsync<WebSocketException>(() => client._socket.ConnectAsync(UriOf(server, path), Cancelled));
        return client._socket.HttpStatusCode;
    }

    /// <summary>The next message; null when the server said goodbye.</summary>
    /// <exception cref="WebSocketException">The server went without one.</exception>
    public async Task<JsonElement?> ReadOrNullAsync()
    {
        using var late = Patience.Source();
        return await _messages.Reader.WaitToReadAsync(late.Token) && _messages.Reader.TryRead(out var message) ? message : null;
    }

    /// <summary>Every message until the server closes by itself.</summary>
    public async Task<List<JsonElement>> ReadToEndAsync()
    {
        var messages = new List<JsonElement>();
        while (await ReadOrNullAsync() is { } message)
            messages.Add(message);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, CloseStatus);
        return messages;
    }

    /// <summary>Messages up to the first one that fits, which is the last of the answer.</summary>
    public async Task<List<JsonElement>> ReadUntilAsync(Func<JsonElement, bool> fits)
    {
        var messages = new List<JsonElement>();
        while (await ReadOrNullAsync() is { } message)
        {
            messages.Add(message);
            if (fits(message))
                return messages;
        }

        throw new InvalidOperationException("The socket ended before the message came.");
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public Task SendAsync(byte[] bytes, WebSocketMessageType type, bool endOfMessage = true) => _socket.SendAsync(bytes, type, endOfMessage, Cancelled);

    public void Dispose() => _socket.Dispose();

    private static Uri UriOf(Uri server, string path) => new UriBuilder(new Uri(server, path)) { Scheme = "ws" }.Uri;

    private async Task ReadAllAsync()
    {
        try
        {
            while (await ReceiveOrNullAsync() is { } message)
                _messages.Writer.TryWrite(message);
            _messages.Writer.TryComplete();
            // Answers the goodbye, so that the server has not to wait for it; it may be gone all the same.
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception exception)
        {
            _messages.Writer.TryComplete(exception);
        }
    }

    private async Task<JsonElement?> ReceiveOrNullAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var received = await _socket.ReceiveAsync(buffer, CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
                return JsonDocument.Parse(message.ToArray()).RootElement;
        }
    }
}
