using System.Net;
using System.Net.Sockets;
using Vitrine.Cli;
using Vitrine.Cli.Client;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

public sealed class VitrineClientTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>As a proxy does that takes shorter addresses than Vitrine.</summary>
    [Fact]
    public async Task Search_AddressThatIsTooLongForAProxy_IsToldAsAMistakeOfTheCommandLine()
    {
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        var refusing = RefuseAsync(proxy);
        using var client = new VitrineClient($"http://{proxy.LocalEndpoint}", token: null);

        var refused = await Assert.ThrowsAsync<CommandException>(() => client.SearchAsync("1", "beach", 0, 1, Cancelled));

        await refusing.OrTooLateAsync();
        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.Contains("is too long for http://127.0.0.1:", refused.Message, StringComparison.Ordinal);
    }

    private static async Task RefuseAsync(TcpListener proxy)
    {
        using var connection = await proxy.AcceptTcpClientAsync(Cancelled);
        using var reader = new StreamReader(connection.GetStream());
        while (await reader.ReadLineAsync(Cancelled) is { Length: > 0 })
        {
            // the request to its end
        }

        await connection.GetStream().WriteAsync("HTTP/1.1 414 URI Too Long\r\nContent-Type: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancelled);
    }
}
