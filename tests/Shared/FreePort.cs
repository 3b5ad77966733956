using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Vitrine.Testing;

/// <summary>A port for a server that must be told one, or must have the same one again after a restart.</summary>
internal static class FreePort
{
    // Below those that outgoing connections get (on Linux from 32768): else, between this choice and the bind or while a killed server is away, any
    // client's connection could have it - even that of the client who tries to reach the server there.
    private const int First = 20_000;
    private const int Last = 32_000;

    /// <summary>What this process has chosen: the UDP ports of the same numbers, which nothing else uses, tell other processes with tests so until this one ends.</summary>
    private static readonly ConcurrentBag<Socket> s_chosen = [];

    /// <summary>Nobody listens on it now, and no other test is given it. A program that is no test may take it: whoever cannot bind to it asks for another.</summary>
    public static int Choose()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            if (Bind(SocketType.Stream, port) is not { } socket)
                continue;
            socket.Dispose();
            if (Bind(SocketType.Dgram, port) is not { } sign)
                continue;
            s_chosen.Add(sign);
            return port;
        }
    }

    /// <summary>Null when somebody else has the port.</summary>
    private static Socket? Bind(SocketType type, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
