using System.Net.WebSockets;
using Vitrine.Server.Live;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Server.Tests.Live;

/// <summary>How long a socket's client may take for its goodbye.</summary>
public sealed class SocketMessagesTests : IDisposable
{
    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_lastGoodbye = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stopping = new();

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task End_ClientReadsLate_IsWaitedFor()
    {
        using var socket = new HeldSocket();
        var end = EndAsync(socket);
        _time.Advance(s_goodbye - TimeSpan.FromTicks(1));
        socket.Taken.SetResult();
        await _time.TimerOfAsync(s_goodbye);
        await _time.TimerOfAsync(s_goodbye); // one for what was sent, one for its answer
        _time.Advance(s_goodbye - TimeSpan.FromTicks(1));
        socket.Reading.SetResult();

        await end;
        Assert.False(socket.Aborted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task End_ClientIsSilent_IsCutOffAfterAWhile(bool takesMessages)
    {
        using var socket = new HeldSocket();
        if (takesMessages)
            socket.Taken.SetResult();
        var end = EndAsync(socket);
        await _time.TimerOfAsync(s_goodbye);

        _time.Advance(s_goodbye - TimeSpan.FromTicks(1));
        Assert.False(socket.Aborted);
        _time.Advance(TimeSpan.FromTicks(1));

        await end;
        Assert.True(socket.Aborted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task End_ServerStopsMeanwhile_HasASecondLeft(bool takesMessages)
    {
        using var socket = new HeldSocket();
        if (takesMessages)
            socket.Taken.SetResult();
        var end = EndAsync(socket);

        await _stopping.CancelAsync();
        await _time.TimerOfAsync(s_lastGoodbye);
        _time.Advance(s_lastGoodbye);

        await end;
        Assert.True(socket.Aborted);
    }

    [Fact]
    public async Task End_ServerStops_SaysSo()
    {
        using var socket = new HeldSocket();
        socket.Taken.SetResult();
        socket.Reading.SetResult();
        await _stopping.CancelAsync();

        await EndAsync(socket);

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        Assert.False(socket.Aborted);
    }

    private Task EndAsync(HeldSocket socket) => SocketMessages.EndAsync(socket, socket.Reading.Task, _time, _stopping.Token).OrTooLateAsync();

    /// <summary>A socket whose client takes and says what a test lets it.</summary>
    private sealed class HeldSocket : WebSocket
    {
        private WebSocketCloseStatus? _status;

        public TaskCompletionSource Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Reading { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Aborted { get; private set; }

        public override WebSocketCloseStatus? CloseStatus => _status;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => WebSocketState.Open;

        public override string? SubProtocol => null;

        public override void Abort()
        {
            Aborted = true;
            Taken.TrySetException(new WebSocketException("aborted"));
            Reading.TrySetResult();
        }

        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
        {
            _status = closeStatus;
            return Taken.Task;
        }

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override void Dispose()
        {
            // holds nothing
        }
    }
}
