using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Vitrine.Tests.Postgres;

/// <summary>Stands between a process and PostgreSQL, reads what the process says, and cuts connections at commits as a test wants it.</summary>
/// <remarks>
/// <code>
/// first   length (4) code (4) …     asks for encryption, which is answered by one letter and asked once more, or begins the session
/// then    type (1) length (4) …     'Q' is a statement; "COMMIT" is how Npgsql ends a transaction
/// </code>
/// </remarks>
internal sealed class PostgresProxy : IAsyncDisposable
{
    private const int AsksForSsl = 80877103;
    private const int AsksForGss = 80877104;

    private static readonly byte[] s_commit = [.. "Q\0\0\0\vCOMMIT\0"u8];
    private static readonly byte[] s_committed = [.. "COMMIT\0"u8];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Task _accepting;
    private volatile Func<CommitFate> _fate = () => CommitFate.Passes;

    public PostgresProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Asked at each commit, by one connection at a time.</summary>
    public void AtCommits(Func<CommitFate> fate)
    {
        var gate = new Lock();
        _fate = () =>
        {
            lock (gate)
                return fate();
        };
    }

    /// <summary>The next commit has this fate, those after it pass.</summary>
    public void AtNextCommit(CommitFate fate)
    {
        var left = 1;
        _fate = () => Interlocked.Exchange(ref left, 0) == 1 ? fate : CommitFate.Passes;
    }

    /// <param name="direct">How the server itself is reached.</param>
    public string ConnectionString(string direct) => new NpgsqlConnectionStringBuilder(direct) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.ToString();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            var connection = ConnectAsync(client);
            _connections.TryAdd(connection, true);
            _ = connection.ContinueWith(ended => _connections.TryRemove(ended, out _), TaskScheduler.Default);
        }
    }

    /// <summary>Until either side ends it, or it is cut: then both ends see it.</summary>
    private async Task ConnectAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        using (var cut = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            await server.ConnectAsync(IPAddress.Loopback, _serverPort, cut.Token);
            (client.NoDelay, server.NoDelay) = (true, true);
            var doubt = new Doubt();
            var ways = new[] { AskAsync(client.GetStream(), server.GetStream(), doubt, cut.Token), AnswerAsync(server.GetStream(), client.GetStream(), doubt, cut.Token) };
            await Task.WhenAny(ways);
            await cut.CancelAsync();
            await Task.WhenAll(ways).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AskAsync(NetworkStream client, NetworkStream server, Doubt doubt, CancellationToken cut)
    {
        var begun = false;
        while (await ReadMessageAsync(client, begun, cut) is { } message)
        {
            begun = begun || BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(4)) is not (AsksForSsl or AsksForGss);
            var fate = message.AsSpan().SequenceEqual(s_commit) ? _fate() : CommitFate.Passes;
            if (fate == CommitFate.IsLost)
                return;
            doubt.IsNext = fate == CommitFate.LosesItsAnswer;
            await server.WriteAsync(message, cut);
        }
    }

    private static async Task AnswerAsync(NetworkStream server, NetworkStream client, Doubt doubt, CancellationToken cut)
    {
        var buffer = new byte[1 << 16];
        while (await server.ReadAsync(buffer, cut) is var count and > 0)
        {
            if (doubt.IsNext && buffer.AsSpan(0, count).IndexOf(s_committed) >= 0)
                return;
            await client.WriteAsync(buffer.AsMemory(0, count), cut);
        }
    }

    /// <summary>Null when the process has ended the connection.</summary>
    private static async Task<byte[]?> ReadMessageAsync(NetworkStream client, bool begun, CancellationToken cut)
    {
        var header = new byte[begun ? 5 : 4];
        if (await client.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cut) < header.Length)
            return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(header.Length - 4));
        var message = new byte[header.Length + length - 4];
        header.CopyTo(message, 0);
        await client.ReadExactlyAsync(message.AsMemory(header.Length), cut);
        return message;
    }

    /// <summary>Set before the commit is sent on, read when its answer comes.</summary>
    private sealed class Doubt
    {
        public volatile bool IsNext;
    }
}
