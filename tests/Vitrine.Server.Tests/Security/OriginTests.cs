using System.Net;
using System.Net.Sockets;
using System.Text;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Security;

public sealed class OriginTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example:80")]
    [InlineData("xlocalhost")]
    public async Task AnyCall_UnderAForeignHostName_IsRefused(string host)
    {
        await using var server = await RunningServer.StartAsync();

        foreach (var path in (string[])["/", "/api/health", "/api/libraries", "/openapi/v1.json", "/ws/events"])
            await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, path, ("Host", host)), HttpStatusCode.MisdirectedRequest);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1234")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:7878")]
    [InlineData("192.168.1.5:7878")]
    [InlineData("photos.example")]
    public async Task AnyCall_UnderAnOwnHostName_IsAnswered(string host)
    {
        await using var server = await RunningServer.StartAsync(options: new ServerOptions { AllowedHosts = ["photos.example"] });

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/api/health", ("Host", host))).StatusCode);
    }

    [Fact]
    public async Task AnyCall_WithoutAHost_IsRefused()
    {
        await using var server = await RunningServer.StartAsync();

        foreach (var request in (string[])["GET /api/health HTTP/1.1\r\n\r\n", "GET /api/health HTTP/1.0\r\n\r\n", "GET /api/health HTTP/1.1\r\nHost:\r\n\r\n"])
        {
            var answer = await RawAsync(server, request);
            Assert.Matches("^HTTP/1.1 4", answer);
        }
    }

    [Theory]
    [InlineData("POST", "/api/libraries")]
    [InlineData("POST", "/api/libraries/1/scan")]
    [InlineData("DELETE", "/api/libraries/1")]
    [InlineData("POST", "/api/assets/1/retry")]
    [InlineData("POST", "/api/jobs/sweep/cancel")]
    public async Task UnsafeCall_FromAForeignPage_IsRefused(string method, string path)
    {
        await using var server = await RunningServer.StartAsync();
        var own = server.Address.GetLeftPart(UriPartial.Authority);

        foreach (var origin in (string[])["https://evil.example", "null", "http://127.0.0.1:1", $"{own}.evil.example", "garbage", own.Replace("http", "file")[..9]])
            await Contract.AssertProblemAsync(await server.SendAsync(new HttpMethod(method), path, ("Origin", origin)), HttpStatusCode.Forbidden);
        Assert.NotEqual(HttpStatusCode.Forbidden, (await server.SendAsync(new HttpMethod(method), path, ("Origin", own))).StatusCode);
        Assert.NotEqual(HttpStatusCode.Forbidden, (await server.SendAsync(new HttpMethod(method), path)).StatusCode);
    }

    [Theory]
    [InlineData("/ws/progress/{id}")]
    [InlineData("/ws/events?library={id}")]
    public async Task Upgrade_FromAForeignPage_IsRefused(string path)
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync();
        path = path.Replace("{id}", await server.ImportAsync(folder.Path));

        foreach (var origin in (string[])["https://evil.example", "null"])
            Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.RefusalAsync(server.Address, path, ("Origin", origin)));

        using var own = await server.ConnectAsync(path, ("Origin", server.Address.GetLeftPart(UriPartial.Authority)));
        Assert.NotNull(await own.ReadOrNullAsync());
    }

    private static async Task<string> RawAsync(RunningServer server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, Cancelled);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancelled);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(Cancelled) ?? "";
    }
}
