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

    /// <summary>Nobody listens on it now. Another process may choose the same one: whoever cannot bind to it asks for another.</summary>
    public static int Choose()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // taken; another one
            }
        }
    }
}
