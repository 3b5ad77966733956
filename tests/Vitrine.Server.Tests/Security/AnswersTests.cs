using System.Net;
using System.Net.Http.Json;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Security;

/// <summary>What every answer carries, and which files an answer may hold.</summary>
public sealed class AnswersTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryKindOfAnswer_CarriesThePolicyAndNoServerName()
    {
        using var pictures = new SamplePictures();
        pictures.Jpeg("a.jpg", 40, 30);
        using var screen = new TemporaryFolder();
        screen.File("index.html", "<!doctype html><title>Vitrine</title>");
        screen.File("assets/app.1234.js", "export {}");
        await using var server = await RunningServer.StartAsync(options: new ServerOptions { ScreenFolder = screen.Path });
        var library = await server.ImportAsync(pictures.Folder);
        var id = await server.IdOfAsync(library, "a.jpg");

        foreach (var (path, expected) in ((string, HttpStatusCode)[])
            [
                ("/", HttpStatusCode.OK), ("/any/page", HttpStatusCode.OK), ("/assets/app.1234.js", HttpStatusCode.OK), ("/assets/none.js", HttpStatusCode.NotFound),
                ("/api/health", HttpStatusCode.OK), ("/api/ready", HttpStatusCode.OK), ("/api/stats", HttpStatusCode.OK), ("/api/jobs", HttpStatusCode.OK),
                ("/openapi/v1.json", HttpStatusCode.OK), ($"/api/assets/{id}/thumbnail", HttpStatusCode.OK), ($"/api/assets/{id}/file", HttpStatusCode.OK),
                ("/api/none", HttpStatusCode.NotFound), ($"/api/libraries/{library}/assets?limit=x", HttpStatusCode.BadRequest),
                ($"/sse/progress/{library}", HttpStatusCode.OK), ("/ws/events", HttpStatusCode.UpgradeRequired),
            ])
        {
            var answer = await server.SendAsync(HttpMethod.Get, path);
            Assert.True(expected == answer.StatusCode, $"{path}: {answer.StatusCode}");
            Contract.AssertSafeHeaders(answer);
            Assert.False(answer.Headers.Contains("Server"), path);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"), path);
        }
    }

    [Fact]
    public async Task Screen_IsServedFreshItsPartsForEverAndHeadIsGetWithoutTheBody()
    {
        using var screen = new TemporaryFolder();
        screen.File("index.html", "<!doctype html><title>Vitrine</title>");
        screen.File("assets/app.1234.js", "export {}");
        screen.File("assets/app.1234.js.br", "packed");
        await using var server = await RunningServer.StartAsync(options: new ServerOptions { ScreenFolder = screen.Path });

        var page = await server.SendAsync(HttpMethod.Get, "/");
        var deep = await server.SendAsync(HttpMethod.Get, "/library/1");
        var part = await server.SendAsync(HttpMethod.Get, "/assets/app.1234.js");
        var packed = await server.SendAsync(HttpMethod.Get, "/assets/app.1234.js", ("Accept-Encoding", "gzip, br"));
        var head = await server.SendAsync(HttpMethod.Head, "/");

        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-cache", page.Headers.CacheControl!.ToString());
        Assert.Equal(await page.Content.ReadAsStringAsync(Cancelled), await deep.Content.ReadAsStringAsync(Cancelled));
        Assert.Contains("immutable", part.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal("br", packed.Content.Headers.ContentEncoding.Single());
        Assert.Equal("packed", await packed.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal((HttpStatusCode.OK, page.Content.Headers.ContentLength), (head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Theory]
    [InlineData("/../../../../etc/passwd")]
    [InlineData("/assets/../../secret.txt")]
    [InlineData("/%2e%2e/secret.txt")]
    [InlineData("/assets/%2e%2e%2f%2e%2e%2fsecret.txt")]
    [InlineData("/..%5csecret.txt")]
    [InlineData("//etc/passwd")]
    public async Task Screen_PathsThatLeadOutOfIt_GiveNothingOfWhatIsThere(string path)
    {
        using var folder = new TemporaryFolder();
        folder.File("secret.txt", "root: secret");
        folder.File("screen/index.html", "<!doctype html>page");
        await using var server = await RunningServer.StartAsync(options: new ServerOptions { ScreenFolder = folder.Of("screen") });

        var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{server.Address.GetLeftPart(UriPartial.Authority)}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        var answer = await server.Http.SendAsync(request, Cancelled);

        Assert.DoesNotContain("root:", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_WhoseLinkWasSwappedAfterTheScan_IsNotServed()
    {
        using var pictures = new SamplePictures();
        using var outside = new SamplePictures();
        var secret = outside.Jpeg("secret.jpg", 1600, 1200, seed: 9);
        pictures.Jpeg("real.jpg", 1600, 1200);
        Directory.CreateDirectory(pictures.PathOf("sub"));
        pictures.Jpeg("sub/b.jpg", 1600, 1200, seed: 2);
        File.CreateSymbolicLink(pictures.PathOf("link.jpg"), pictures.PathOf("real.jpg"));
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(pictures.Folder);
        var (file, inFolder) = (await server.IdOfAsync(library, "link.jpg"), await server.IdOfAsync(library, "sub/b.jpg"));
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, $"/api/assets/{file}/file")).StatusCode);

        File.Delete(pictures.PathOf("link.jpg"));
        File.CreateSymbolicLink(pictures.PathOf("link.jpg"), secret);
        Directory.Delete(pictures.PathOf("sub"), recursive: true);
        File.Copy(secret, outside.PathOf("b.jpg"));
        Directory.CreateSymbolicLink(pictures.PathOf("sub"), outside.Folder);

        foreach (var id in (long[])[file, inFolder])
        {
            await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, $"/api/assets/{id}/file"), HttpStatusCode.NotFound);
            await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, $"/api/assets/{id}/preview"), HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task OpenApi_Document_DescribesEveryCallOnce()
    {
        await using var server = await RunningServer.StartAsync();

        var document = await server.GetAsync("/openapi/v1.json");

        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => operation.Value.GetProperty("operationId").GetString())).ToList();
        Assert.Equal(operations.Distinct(), operations);
        Assert.Superset(
            new HashSet<string?> { "addLibrary", "listLibraries", "getLibrary", "forgetLibrary", "scanLibrary", "listAssets", "getAsset", "getThumbnail", "getFile", "getProgress", "listFailures", "listJobs", "getStatistics" },
            operations.ToHashSet());
        Assert.False(document.TryGetProperty("servers", out var servers) && servers.GetArrayLength() > 0);
    }

    [Fact]
    public async Task HealthReadyStatsAndJobs_HaveTheirShapes()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(folder.Path);
        await server.SettledScanAsync(library);

        Assert.Equal("alive", (await server.GetAsync("/api/health")).GetProperty("status").GetString());
        var ready = await server.GetAsync("/api/ready");
        Assert.True(ready.GetProperty("ready").GetBoolean());
        var features = ready.GetProperty("features").EnumerateArray().Select(feature => feature.GetProperty("name").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?> { "database", "browsing", "search", "similarity", "models" }, features);
        var job = (await server.GetAsync($"/api/jobs/scan:{library}")).GetProperty("job");
        Assert.Equal(
            ["can_pause", "cancel_asked_at", "error", "finished_at", "fraction", "message", "name", "note", "paused", "result", "run_id", "stack", "started_at", "status"],
            Contract.Names(job));
        Assert.Equal("completed", job.GetProperty("status").GetString());
        Assert.Contains((await server.GetAsync("/api/jobs")).GetProperty("items").EnumerateArray(), one => one.ToString() == job.ToString());
        await Contract.AssertProblemAsync(await server.Http.PostAsJsonAsync($"/api/jobs/scan:{library}/cancel", new { }, Cancelled), HttpStatusCode.BadRequest);
        var stats = await server.GetAsync("/api/stats");
        Assert.Superset(new HashSet<string> { "uptime_seconds", "memory_bytes", "libraries", "assets", "caches", "decoders", "progress_delivery" }, Contract.Names(stats).ToHashSet());
        Assert.Equal(1, stats.GetProperty("libraries").GetInt32());
    }
}
