using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
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

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/api/health", ("Host", host), ("Authorization", $"Bearer {server.Server.Token!.Value}"))).StatusCode);
    }

    [Fact]
    public async Task AnyCall_WithoutAHost_IsRefused()
    {
        await using var server = await RunningServer.StartAsync();

        foreach (var request in (string[])["GET /api/health HTTP/1.1\r\n\r\n", "GET /api/health HTTP/1.0\r\n\r\n", "GET /api/health HTTP/1.1\r\nHost:\r\n\r\n"])
            Assert.Matches("^HTTP/1.1 4", await RawAsync(server, request));
    }

    [Fact]
    public async Task AnyCall_ThatIsNoProperHttp_IsRefusedAndTheServerGoesOn()
    {
        await using var server = await RunningServer.StartAsync();
        const string Own = "Host: localhost\r\n";

        foreach (var (request, expected) in ((string, string)[])
            [
                ("GET http://evil.example/api/health HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421"), // the address in the first line counts
                ($"GET http://evil.example/api/health HTTP/1.1\r\n{Own}\r\n", "400"),
                ("GET /api/health HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\n\r\n", "421"),
                ("GET /api/health HTTP/1.1\r\nHost: local host\r\n\r\n", "400"),
                ($"GET /api/health HTTP/1.1\r\n{Own}Host: evil.example\r\n\r\n", "400"),
                ($"GET /api/jobs/a%00b HTTP/1.1\r\n{Own}\r\n", "400"),
                ($"GET /api/health HTTP/1.1\r\n{Own}X: {new string('x', 40_000)}\r\n\r\n", "431"),
                ($"GET /api/health?{new string('x', 98_300)} HTTP/1.1\r\n{Own}\r\n", "414"),
                ($"POST /api/libraries HTTP/1.1\r\n{Own}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{{}}\r\n0\r\n\r\n", "400"),
                ($"POST /api/libraries HTTP/1.1\r\n{Own}Content-Type: application/json\r\nContent-Length: 40000000\r\n\r\n", "413"),
                ($"GET /api/health HTTP/1.1\r\n{Own}\r\n", "200"),
            ])
            Assert.Equal((request.Length, expected), (request.Length, (await RawAsync(server, request)).Split(' ').ElementAtOrDefault(1)));
    }

    /// <summary>A proxy before the server may go by the other of the two lengths, and take the rest for a request of somebody else's.</summary>
    [Fact]
    public async Task AnyCall_WithTwoLengths_IsTheLastOfItsConnection()
    {
        await using var server = await RunningServer.StartAsync();

        var answers = await RawAsync(
            server,
            "POST /api/libraries HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n",
            whole: true);

        Assert.StartsWith("HTTP/1.1 400", answers, StringComparison.Ordinal);
        Assert.DoesNotContain("alive", answers, StringComparison.Ordinal);
    }

    /// <summary>What drips in is dropped: headers after half a minute, a body when it is slower than 240 bytes a second.</summary>
    [Fact]
    public async Task AnyCall_ThatComesTooSlowly_HasALimit()
    {
        await using var server = await RunningServer.StartAsync();

        var limits = server.Server.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.InRange(limits.RequestHeadersTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        Assert.InRange(limits.MinRequestBodyDataRate!.BytesPerSecond, 240, double.MaxValue);
        Assert.InRange(limits.MinRequestBodyDataRate.GracePeriod, TimeSpan.Zero, TimeSpan.FromSeconds(5));
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

        foreach (var origin in (string[])["https://evil.example", "null", "http://127.0.0.1:1", $"{own}.evil.example", "garbage", own.Replace("http", "file")[..9], $"{own}/page", own.Replace("//", "//user@"), $"{own},{own}", own.Replace("http:", "ws:")])
            await Contract.AssertProblemAsync(await server.SendAsync(new HttpMethod(method), path, ("Origin", origin)), HttpStatusCode.Forbidden);
        Assert.NotEqual(HttpStatusCode.Forbidden, (await server.SendAsync(new HttpMethod(method), path, ("Origin", own))).StatusCode);
        Assert.NotEqual(HttpStatusCode.Forbidden, (await server.SendAsync(new HttpMethod(method), path)).StatusCode);
    }

    /// <summary>https://name and name:443 are one origin (RFC 6454, section 4): some proxies add the port to Host.</summary>
    [Fact]
    public async Task UnsafeCallAndUpgrade_ThroughAProxy_CompareThePortThatIsMeant()
    {
        const string Name = "photos.example";
        await using var server = await RunningServer.StartAsync(options: new ServerOptions { AllowedHosts = [Name] });
        var token = ("Authorization", $"Bearer {server.Server.Token!.Value}");

        foreach (var (host, origin, isOwn) in ((string, string, bool)[])
            [
                (Name, $"https://{Name}", true), ($"{Name}:443", $"https://{Name}", true), ($"{Name}:80", $"http://{Name}", true), (Name.ToUpperInvariant(), $"https://{Name}", true),
                ($"{Name}:8443", $"https://{Name}:8443", true), ($"{Name}:443", "https://evil.example", false), ($"{Name}:443", $"https://{Name}:8443", false), (Name, $"https://{Name}:8443", false),
                ($"{Name}:443", $"http://{Name}", false), (Name, $"https://{Name}.evil.example", false), (Name, "null", false), ("127.0.0.1", $"https://{Name}", false),
            ])
        {
            var answer = await server.SendAsync(HttpMethod.Post, "/api/libraries/999/scan", ("Host", host), ("Origin", origin), token);
            Assert.Equal((host, origin, isOwn ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden), (host, origin, answer.StatusCode));
            if (isOwn)
                (await server.ConnectAsync("/ws/events", ("Host", host), ("Origin", origin), token)).Dispose();
            else
                Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.RefusalAsync(server.Address, "/ws/events", ("Host", host), ("Origin", origin), token));
        }
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

    /// <param name="whole">Everything until the server closes the connection; else the first line.</param>
    private static async Task<string> RawAsync(RunningServer server, string request, bool whole = false)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, Cancelled);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancelled);
        using var reader = new StreamReader(stream);
        return whole ? await reader.ReadToEndAsync(Cancelled).OrTooLateAsync() : await reader.ReadLineAsync(Cancelled) ?? "";
    }
}
