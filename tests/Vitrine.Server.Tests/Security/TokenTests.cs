using System.Net;
using System.Net.WebSockets;
using System.Runtime.Versioning;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vitrine.Server.Security;
using Vitrine.Tests.Contracts;
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
    [InlineData("/metrics")]
    [InlineData("/ws/events")]
    public async Task AnyCall_ElsewhereWithoutOrWithAWrongToken_Is401(string path)
    {
        await using var server = await RunningServer.StartAsync(options: s_everywhere);
        var token = server.Server.Token!.Value;
        var cookieName = new SessionCookie(server.Server.Token, TimeProvider.System).Name;

        foreach (var (name, value) in ((string, string)[])
            [("X-Nothing", "1"), ("Authorization", "Bearer wrong"), ("Authorization", $"Bearer {token}x"), ("Authorization", $"Basic {token}"), ("Authorization", "Bearer "), ("Cookie", $"{cookieName}=wrong"), ("Cookie", $"{cookieName}={token}"), ("Cookie", $"{cookieName}=4102444800.wrong")])
        {
            var answer = await server.SendAsync(HttpMethod.Get, path, (name, value));
            await Contract.AssertProblemAsync(answer, HttpStatusCode.Unauthorized);
            Assert.StartsWith("Bearer realm=", answer.Headers.WwwAuthenticate.Single().ToString(), StringComparison.Ordinal);
        }

        if (path != "/") // there it is the way in
            await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, $"{path}?token={token}"), HttpStatusCode.Unauthorized);

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
        Assert.DoesNotContain(token, cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase); // else a browser would not send it over plain http
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
        var pasted = await server.SendAsync(HttpMethod.Get, $"/?token=+{token}%0A", ("Accept", Html), ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.Found, pasted.StatusCode);

        // It leads to what was asked for, and never to another server.
        foreach (var (path, kept) in ((string, string)[])
            [("/libraries/1?q=a%20%22b&sort=path", "/libraries/1?q=a%20%22b&amp;sort=path"), ($"/jobs?token={token}", "/jobs"), ("/", "/"), ("/?token=wrong&to=%2Fjobs", "/jobs"), ("/?to=%2F%2Fevil.example", "/"), ("/%22%3E", "/%22%3E")])
        {
            var page = await (await server.SendAsync(HttpMethod.Get, path, ("Accept", Html))).Content.ReadAsStringAsync(Cancelled);
            Assert.Contains($"name=\"to\" value=\"{kept}\"", page, StringComparison.Ordinal);
        }

        foreach (var (asked, led) in ((string, string)[])
            [
                ("/libraries/1?q=a%20%22b&sort=path", "/libraries/1?q=a%20%22b&sort=path"), ("/compare", "/compare"), ("/", "/"), ("", "/"), ("compare", "/"), ("https://evil.example", "/"),
                ("//evil.example", "/"), ("/\\evil.example", "/"), ("/\t/evil.example", "/"), ("/\r\nX-Injected: 1", "/"), ("/é", "/"),
            ])
        {
            var entrance = await server.SendAsync(HttpMethod.Get, $"/?token={token}&to={Uri.EscapeDataString(asked)}", ("Accept", Html), ("Sec-Fetch-Site", "same-origin"));
            Assert.Equal((asked, HttpStatusCode.Found, led), (asked, entrance.StatusCode, entrance.Headers.Location!.OriginalString));
        }
    }

    /// <summary>A browser keeps the new cookie back from wherever it is redirected to while another place has sent it: only a page of the server's own leads it in.</summary>
    [Fact]
    public async Task Browser_SentByAnotherPlaceWithTheToken_IsLedInByAPageWithoutIt()
    {
        await using var server = await RunningServer.StartAsync(options: s_everywhere);
        var token = server.Server.Token!.Value;

        foreach (var (site, isLedByPage) in ((string, bool)[])[("cross-site", true), ("same-site", true), ("", true), ("none", false), ("same-origin", false)])
        {
            var answer = await server.SendAsync(HttpMethod.Get, $"/?token={token}", ("Accept", "text/html"), site.Length == 0 ? ("X-Nothing", "1") : ("Sec-Fetch-Site", site));
            var page = await answer.Content.ReadAsStringAsync(Cancelled);

            Assert.Equal((site, isLedByPage ? HttpStatusCode.OK : HttpStatusCode.Found), (site, answer.StatusCode));
            Assert.Equal(isLedByPage, page.Contains("http-equiv=\"refresh\" content=\"0; url=/\"", StringComparison.Ordinal));
            Assert.DoesNotContain(token, page, StringComparison.Ordinal);
            Assert.Single(answer.Headers.GetValues("Set-Cookie"));
            Contract.AssertSafeHeaders(answer);
        }

        var deep = await server.SendAsync(HttpMethod.Get, $"/?token={token}&to=%2Fjobs%3Fa%3D%22%3E", ("Accept", "text/html"));
        Assert.Contains("content=\"0; url=/jobs?a=&quot;&gt;\"", await deep.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_OnLoopback_NeedsTheTokenWhereSomebodyElseMayComeFromThere()
    {
        foreach (var options in (ServerOptions[])[new() { AllowedHosts = ["photos.example"] }, new() { RequireToken = true }, new() { TrustedProxies = ["192.168.1.2"] }])
        {
            await using var server = await RunningServer.StartAsync(options: options);

            foreach (var host in (string[])["localhost", "photos.example"])
            {
                var answer = await server.SendAsync(HttpMethod.Get, "/api/libraries", ("Host", host), ("X-Forwarded-For", "127.0.0.1"));
                Assert.Equal((host, host == "localhost" || options.AllowedHosts.Count > 0 ? HttpStatusCode.Unauthorized : HttpStatusCode.MisdirectedRequest), (host, answer.StatusCode));
            }

            Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/api/libraries", ("Authorization", $"Bearer {server.Server.Token!.Value}"))).StatusCode);
        }
    }

    /// <summary>Some proxies ask under a loopback name, and requests without an Origin are not a page's: only what they add tells of them.</summary>
    [Fact]
    public async Task AnyCall_ThroughAProxyToAServerWithoutAToken_IsRefused()
    {
        await using var server = await RunningServer.StartAsync();

        foreach (var (name, value) in ((string, string)[])
            [("X-Forwarded-For", "8.8.8.8"), ("X-Forwarded-Host", "photos.example"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Server", "photos.example"), ("Forwarded", "for=8.8.8.8"), ("X-Real-IP", "8.8.8.8"), ("Via", "1.1 photos.example")])
        {
            foreach (var path in (string[])["/", "/api/libraries"])
            {
                var answer = await server.SendAsync(HttpMethod.Get, path, ("Host", "localhost"), (name, value));
                await Contract.AssertProblemAsync(answer, HttpStatusCode.MisdirectedRequest);
                Assert.Contains("--require-token", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
            }

            Assert.Equal(HttpStatusCode.MisdirectedRequest, await SocketClient.RefusalAsync(server.Address, "/ws/events", (name, value)));
        }
    }

    /// <summary>From loopback, as from a proxy on this machine, the word about https is taken; from elsewhere only of proxies that were named.</summary>
    [Fact]
    public async Task Cookie_ForABrowserThatCameOverHttps_IsSentOverHttpsOnly()
    {
        await using var server = await RunningServer.StartAsync(options: s_everywhere);
        var entrance = $"/?token={server.Server.Token!.Value}";

        foreach (var (scheme, isSecure) in ((string, bool)[])[("https", true), ("http", false), ("nonsense", false)])
        {
            var cookie = (await server.SendAsync(HttpMethod.Get, entrance, ("X-Forwarded-Proto", scheme))).Headers.GetValues("Set-Cookie").Single();
            Assert.Equal((scheme, isSecure), (scheme, cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase)));
        }

        var networks = TrustedProxies.Options(new ServerOptions { TrustedProxies = ["192.168.1.2", "172.16.0.0/12", "fd00::1"] }).KnownIPNetworks;
        foreach (var (address, isTrusted) in ((string, bool)[])[("127.0.0.5", true), ("192.168.1.2", true), ("172.17.0.3", true), ("fd00::1", true), ("192.168.1.3", false), ("8.8.8.8", false)])
            Assert.Equal((address, isTrusted), (address, networks.Any(network => network.Contains(IPAddress.Parse(address)))));
        Assert.Contains("'proxy.example'", Assert.Throws<FormatException>(() => TrustedProxies.Parse(["192.168.1.2", "proxy.example"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cookie_InItsTime_LetsInAndIsRenewedInTheSecondHalf()
    {
        using var data = new TemporaryFolder();
        var (time, token) = (new ManualTime(), AccessToken.ReadOrMake(data.Path));
        var cookie = Given(new SessionCookie(token, time));

        Assert.Equal((true, null), Asked(token, cookie));
        time.Advance(TimeSpan.FromDays(60));
        var (isIn, renewed) = Asked(token, cookie);
        Assert.True(isIn);
        Assert.NotNull(renewed);
        time.Advance(TimeSpan.FromDays(31));
        Assert.Equal((false, null), Asked(token, cookie));
        Assert.Equal((true, null), Asked(token, renewed));
        // Another end under the same signature, and a new token, end it.
        Assert.Equal((false, null), Asked(token, $"9{renewed}"));
        var other = AccessToken.ReadOrMake(data.Path, anew: true);
        Assert.Equal((false, null), Asked(other, renewed));
        // Two Vitrines on one host share a browser's cookies, which know no port.
        Assert.NotEqual(new SessionCookie(token, time).Name, new SessionCookie(other, time).Name);
        Assert.Matches("^vitrine_session_[A-Za-z0-9_-]{8}$", new SessionCookie(token, time).Name);

        (bool IsIn, string? Renewed) Asked(AccessToken by, string given)
        {
            var (context, session) = (new DefaultHttpContext(), new SessionCookie(by, time));
            context.Request.Headers.Cookie = $"{session.Name}={given}";
            var isLetIn = session.Accept(context);
            return (isLetIn, context.Response.Headers.SetCookie is [{ } set] ? ValueOf(set) : null);
        }

        static string Given(SessionCookie session)
        {
            var context = new DefaultHttpContext();
            session.Give(context);
            return ValueOf(context.Response.Headers.SetCookie.Single()!);
        }

        static string ValueOf(string set) => set.Split(';')[0].Split('=')[1];
    }

    [Fact]
    public async Task NewToken_AtTheStart_EndsWhatTheOneBeforeOpened()
    {
        using var data = new TemporaryFolder();
        string first, cookie;
        await using (var server = await RunningServer.StartAsync(data.Path, s_everywhere))
        {
            first = server.Server.Token!.Value;
            cookie = (await server.SendAsync(HttpMethod.Get, $"/?token={first}")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        }

        await using (var server = await RunningServer.StartAsync(data.Path, s_everywhere with { NewToken = true }))
        {
            Assert.True(server.Server.Token!.IsNew);
            Assert.Equal(server.Server.Token.Value, await File.ReadAllTextAsync(AccessToken.FileIn(data.Path), Cancelled));
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(HttpMethod.Get, "/api/health", ("Cookie", cookie))).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(HttpMethod.Get, "/api/health", ("Authorization", $"Bearer {first}"))).StatusCode);
        }
    }

    [Fact]
    public async Task NewToken_WhileTheServerRuns_EndsWhatTheOneBeforeOpenedAtOnce()
    {
        await using var server = await RunningServer.StartAsync(options: s_everywhere);
        var (file, first) = (AccessToken.FileIn(server.DataFolder), server.Server.Token!);
        var cookie = (await server.SendAsync(HttpMethod.Get, $"/?token={first.Value}")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using var socket = await server.ConnectAsync("/ws/events", ("Cookie", cookie));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("Cookie", cookie));

        var second = AccessToken.ReadOrMake(server.DataFolder, anew: true);

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("Cookie", cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("Authorization", $"Bearer {first.Value}"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("Authorization", $"Bearer {second.Value}"));
        Assert.Equal(second.Value, server.Server.Token!.Value);
        await Assert.ThrowsAsync<WebSocketException>(async () =>
        {
            while (await socket.ReadOrNullAsync() is not null)
            {
                // what was sent before
            }
        });
        // What is no token, or is gone, lets in whom it let in before.
        await File.WriteAllTextAsync(file, "short", Cancelled);
        Assert.Equal(HttpStatusCode.OK, await AskAsync("Authorization", $"Bearer {second.Value}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("Authorization", "Bearer short"));
        File.Delete(file);
        Assert.Equal(HttpStatusCode.OK, await AskAsync("Authorization", $"Bearer {second.Value}"));
        Assert.DoesNotContain(Directory.GetFiles(server.DataFolder), path => Path.GetFileName(path).StartsWith(".access-token", StringComparison.Ordinal));

        async Task<HttpStatusCode> AskAsync(string name, string value) => (await server.SendAsync(HttpMethod.Get, "/api/libraries", (name, value))).StatusCode;
    }

    [Fact]
    public async Task Log_OfEverything_HoldsNoTokenAndNoCookie()
    {
        using var log = new KeptLog();
        using var folder = new TemporaryFolder();
        string token, cookie;
        await using (var server = await RunningServer.StartAsync(options: s_everywhere with { LogLevel = LogLevel.Trace }, replace: services => services.AddSingleton<ILoggerProvider>(log)))
        {
            token = server.Server.Token!.Value;
            cookie = (await server.SendAsync(HttpMethod.Get, $"/?token={token}")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
            await server.SendAsync(HttpMethod.Get, "/api/libraries", ("Cookie", cookie));
            await server.SendAsync(HttpMethod.Get, "/api/libraries", ("Authorization", $"Bearer {token}"));
            await server.SendAsync(HttpMethod.Get, $"/api/nothing?token={token}", ("Authorization", $"Bearer {token}"));
            server.Http.DefaultRequestHeaders.Add("Authorization", $"Bearer {token}");
            await server.SettledScanAsync(await server.AddAsync(folder.Path));
        }

        Assert.Contains(log.All, line => line.Contains(folder.Path, StringComparison.Ordinal));
        Assert.DoesNotContain(log.All, line => line.Contains(token, StringComparison.Ordinal) || line.Contains(cookie.Split('=')[1], StringComparison.Ordinal));
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
