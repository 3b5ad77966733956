using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Proxies;

/// <summary>The examples of docs/proxies.md, as they stand there.</summary>
public sealed class ProxyTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    public async Task Example_OfTheDocs_PassesOnPageApiSocketEventsAndRanges(string program)
    {
        using var pictures = new SamplePictures();
        var bytes = await File.ReadAllBytesAsync(pictures.Jpeg("a.jpg", 400, 300), Cancelled);
        using var screen = new TemporaryFolder();
        screen.File("index.html", "<!doctype html><title>Vitrine</title>");
        await using var server = await RunningServer.StartAsync(options: new ServerOptions { ScreenFolder = screen.Path, AllowedHosts = [ProxyProcess.Name] });
        var token = server.Server.Token!.Value;
        await using var proxy = await ProxyProcess.StartAsync(program, server.Address);
        var origin = proxy.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);

        // Without the token nothing; with it a cookie for https only, which opens the page.
        Assert.Equal(HttpStatusCode.Unauthorized, (await proxy.Http.GetAsync("/api/libraries", Cancelled)).StatusCode);
        var entrance = await proxy.Http.GetAsync($"/?token={token}", Cancelled);
        var cookie = entrance.Headers.GetValues("Set-Cookie").Single();
        Assert.Equal((HttpStatusCode.Found, "/"), (entrance.StatusCode, entrance.Headers.Location!.OriginalString));
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        proxy.Http.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        Assert.Contains("<title>Vitrine", await proxy.Http.GetStringAsync("/", Cancelled), StringComparison.Ordinal);

        // A change from the page's own origin, and none from another one.
        Assert.Equal(HttpStatusCode.Created, (await AddAsync(origin)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await AddAsync("https://evil.example")).StatusCode);
        var library = (await proxy.Http.GetFromJsonAsync<JsonElement>("/api/libraries", Cancelled)).GetProperty("items")[0].GetProperty("library_id").GetString()!;

        // Each change as it comes: to the end over a socket, and as events.
        using (var socket = await proxy.ConnectAsync($"/ws/progress/{library}", ("Cookie", cookie.Split(';')[0]), ("Origin", origin)))
            Assert.Equal("complete", (await LastMessageAsync(socket)).GetProperty("status").GetString());
        using var events = await proxy.Http.GetAsync($"/sse/progress/{library}", HttpCompletionOption.ResponseHeadersRead, Cancelled);
        Assert.Equal("text/event-stream", events.Content.Headers.ContentType!.MediaType);
        Assert.Contains("\"complete\"", await events.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        // A part of a file.
        var asset = (await proxy.Http.GetFromJsonAsync<JsonElement>($"/api/libraries/{library}/assets", Cancelled)).GetProperty("items")[0].GetProperty("id").GetInt64();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/assets/{asset}/file") { Headers = { Range = new RangeHeaderValue(10, 19) } };
        using var part = await proxy.Http.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[10..20], await part.Content.ReadAsByteArrayAsync(Cancelled));

        async Task<HttpResponseMessage> AddAsync(string from)
        {
            using var add = new HttpRequestMessage(HttpMethod.Post, "/api/libraries") { Content = JsonContent.Create(new { path = pictures.Folder }) };
            add.Headers.Add("Origin", from);
            return await proxy.Http.SendAsync(add, Cancelled);
        }
    }

    private static async Task<JsonElement> LastMessageAsync(ClientWebSocket socket)
    {
        var (buffer, message, last) = (new byte[64 * 1024], new StringBuilder(), "");
        using var late = Patience.Source();
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, late.Token);
            if (received.MessageType == WebSocketMessageType.Close)
                return JsonDocument.Parse(last).RootElement;
            message.Append(Encoding.UTF8.GetString(buffer, 0, received.Count));
            if (received.EndOfMessage)
                (last, message) = (message.ToString(), new StringBuilder());
        }
    }
}
