using System.Net;
using System.Net.WebSockets;
using System.Runtime.Versioning;
using Vitrine.Server.Security;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Security;

[UnsupportedOSPlatform("windows")]
public sealed class TokenTests
{
    private static readonly ServerOptions s_everywhere = new() { Listen = "http://0.0.0.0:0" };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnyCall_OnALoopbackAddress_NeedsNoToken()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Null(server.Server.Token);
        Assert.False(File.Exists(AccessToken.FileIn(server.DataFolder)));
        await server.GetAsync("/api/health");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/health")]
    [InlineData("/api/libraries")]
    [InlineData("/api/assets/1/file")]
    [InlineData("/sse/progress/1")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/assets/app.js")]
    public async Task AnyCall_ElsewhereWithoutOrWithAWrongToken_Is401(string path)
    {
        await using var server = await RunningServer.StartAsync(options: s_everywhere);
        var token = server.Server.Token!.Value;

        foreach (var (name, value) in ((string, string)[])
            [("X-Nothing", "1"), ("Authorization", "Bearer wrong"), ("Authorization", $"Bearer {token}x"), ("Authorization", $"Basic {token}"), ("Authorization", "Bearer "), ("Cookie", "vitrine_token=wrong")])
        {
            await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, path, (name, value)), HttpStatusCode.Unauthorized);
        }

        foreach (var given in (string[])["wrong", "", token[..^1]])
            await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, $"{path}?token={given}"), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task AnyCall_ElsewhereWithTheToken_IsAnswered()
    {
        await using var server = await RunningServer.StartAsync(options: s_everywhere);
        var token = server.Server.Token!.Value;

        var entrance = await server.SendAsync(HttpMethod.Get, $"/?token={token}");
        var cookie = entrance.Headers.GetValues("Set-Cookie").Single();

        Assert.Equal((HttpStatusCode.Found, "/"), (entrance.StatusCode, entrance.Headers.Location!.OriginalString));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/api/health", ("Cookie", cookie.Split(';')[0]))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/api/health", ("Authorization", $"Bearer {token}"))).StatusCode);
        Contract.AssertSafeHeaders(entrance);
    }

    [Fact]
    public async Task Browser_ElsewhereWithoutTheToken_GetsAPageThatAsksForItAndWhatThePageNeeds()
    {
        const string Html = "text/html,application/xhtml+xml,*/*;q=0.8";
        await using var server = await RunningServer.StartAsync(options: s_everywhere);
        var token = server.Server.Token!.Value;

        foreach (var (path, isWrong) in ((string, bool)[])[("/", false), ("/?token=", false), ("/?token=wrong", true), ("/libraries/1", false), ("/api/libraries", false)])
        {
            var answer = await server.SendAsync(HttpMethod.Get, path, ("Accept", Html));
            var page = await answer.Content.ReadAsStringAsync(Cancelled);

            Assert.Equal((HttpStatusCode.Unauthorized, "text/html", "Bearer"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType, answer.Headers.WwwAuthenticate.Single().Scheme));
            Assert.True(answer.Headers.CacheControl!.NoStore);
            Contract.AssertSafeHeaders(answer);
            Assert.Contains("name=\"token\"", page, StringComparison.Ordinal);
            Assert.Contains("access-token", page, StringComparison.Ordinal); // the file that it is in
            Assert.Equal(isWrong, page.Contains("This is not the token", StringComparison.Ordinal));
            Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(" style=", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(token, page, StringComparison.Ordinal);
        }

        var style = await server.SendAsync(HttpMethod.Get, "/access.css");
        Assert.Equal((HttpStatusCode.OK, "text/css"), (style.StatusCode, style.Content.Headers.ContentType!.MediaType));
        await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Post, "/", ("Accept", Html)), HttpStatusCode.Unauthorized); // nobody looks at that
        var pasted = await server.SendAsync(HttpMethod.Get, $"/?token=+{token}%0A", ("Accept", Html));
        Assert.Equal(HttpStatusCode.Found, pasted.StatusCode);
    }

    [Fact]
    public async Task Upgrade_Elsewhere_NeedsTheToken()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync(options: s_everywhere);

        using var known = await server.ConnectAsync("/ws/events", ("Authorization", $"Bearer {server.Server.Token!.Value}"));

        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.RefusalAsync(server.Address, "/ws/events"));
        Assert.Equal(WebSocketState.Open, known.State);
    }

    [Fact]
    public async Task Token_IsMadeOnceAndReadableByItsOwnerOnly()
    {
        using var data = new TemporaryFolder();
        string first;
        await using (var server = await RunningServer.StartAsync(data.Path, s_everywhere))
        {
            Assert.True(server.Server.Token!.IsNew);
            first = server.Server.Token.Value;
            Assert.True(first.Length >= 32);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(AccessToken.FileIn(data.Path)));
        }

        await using (var server = await RunningServer.StartAsync(data.Path, s_everywhere))
            Assert.Equal((first, false), (server.Server.Token!.Value, server.Server.Token.IsNew));
    }

    [Fact]
    public async Task Token_LeftOpenToOthers_IsClosedAgain()
    {
        using var data = new TemporaryFolder();
        var file = data.File("access-token", "short");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        await using (var server = await RunningServer.StartAsync(data.Path, s_everywhere))
            Assert.True(server.Server.Token!.IsNew); // too short to be one

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await using (var server = await RunningServer.StartAsync(data.Path, s_everywhere))
            Assert.False(server.Server.Token!.IsNew);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData("http://127.0.0.1:80", true)]
    [InlineData("http://localhost:80", true)]
    [InlineData("http://[::1]:80", true)]
    [InlineData("http://127.5.5.5", true)]
    [InlineData("http://0.0.0.0:80", false)]
    [InlineData("http://[::]:80", false)]
    [InlineData("http://*:80", false)]
    [InlineData("http://+:80", false)]
    [InlineData("http://192.168.1.2", false)]
    [InlineData("http://localhost.evil.example", false)]
    public void IsLoopback_Address_KnowsWhoCanReachIt(string address, bool expected) => Assert.Equal(expected, ListenAddress.IsLoopback(address));

    [Theory]
    [InlineData("")]
    [InlineData("7878")]
    [InlineData("localhost:7878")]
    [InlineData("https://localhost")]
    [InlineData("unix:/tmp/socket")]
    [InlineData("http://127.0.0.1:1;http://0.0.0.0:2")]
    public void IsLoopback_NoAddress_IsRefused(string address) => Assert.Throws<FormatException>(() => ListenAddress.IsLoopback(address));
}
