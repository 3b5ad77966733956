using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Storage;
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

    /// <summary>A database that somebody else has written, such as a backup that was passed on, names files where it likes.</summary>
    [Theory]
    [InlineData("UPDATE assets SET name = '../{secret}'")]
    [InlineData("UPDATE assets SET name = '{folder}/{secret}'")]
    [InlineData("UPDATE assets SET name = '{secret}'; UPDATE folders SET path = '..'")]
    [InlineData("UPDATE assets SET name = '{secret}'; UPDATE folders SET path = '{folder}'")]
    public async Task File_WhoseNameInTheDatabaseLeadsOut_IsNotServed(string tampering)
    {
        using var folder = new SamplePictures();
        var secret = folder.Jpeg("secret.jpg", 1600, 1200, seed: 9);
        var root = Directory.CreateDirectory(folder.PathOf("library")).FullName;
        folder.Jpeg("library/a.jpg", 40, 30);
        await using var server = await RunningServer.StartAsync();
        var id = await server.IdOfAsync(await server.ImportAsync(root), "a.jpg");

        await server.Server.Services.GetRequiredService<Database>().WriteAsync(
            transaction => transaction.Connection.Execute(tampering.Replace("{secret}", Path.GetFileName(secret)).Replace("{folder}", folder.Folder)), WriteUrgency.Urgent, Cancelled);

        foreach (var what in (string[])["file", "preview"])
            await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, $"/api/assets/{id}/{what}"), HttpStatusCode.NotFound);
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
    public async Task OpenApi_Document_SaysWhatEveryCallTakesAndAnswers()
    {
        await using var server = await RunningServer.StartAsync();

        var document = await server.GetAsync("/openapi/v1.json");

        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var (method, operation) in path.Value.EnumerateObject().Select(operation => (operation.Name, operation.Value)))
            {
                var what = $"{method} {path.Name}";
                Assert.NotEqual("head", method);
                Assert.True(operation.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 0, $"{what} has no summary");
                Assert.True(operation.TryGetProperty("description", out var description) && description.GetString()!.Length > 0, $"{what} has no description");
                foreach (var parameter in operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : default)
                    Assert.True(parameter.TryGetProperty("description", out var text) && text.GetString()!.Length > 0, $"{what}: {parameter.GetProperty("name")} has no description");
                var answers = operation.GetProperty("responses");
                List<string> expected = ["400", "401", "421", "500"];
                expected.AddRange(path.Name == "/api/health" ? [] : ["503"]);
                Assert.Equal(path.Name != "/api/health", answers.TryGetProperty("503", out _));
                expected.AddRange(path.Name.Contains('{', StringComparison.Ordinal) ? ["404"] : []);
                expected.AddRange(method == "get" ? [] : ["403"]);
                expected.AddRange(operation.TryGetProperty("requestBody", out _) ? ["408", "413", "415"] : []);
                Assert.Superset(expected.ToHashSet(), Contract.Names(answers).ToHashSet());
                foreach (var answer in answers.EnumerateObject().Where(answer => answer.Name[0] is '4' or '5' && answer.Name is not ("412" or "416") && what != "get /api/ready"))
                    Assert.EndsWith("/Problem", answer.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString(), StringComparison.Ordinal);
            }
        }

        var calls = document.GetProperty("paths");
        var assets = calls.GetProperty("/api/libraries/{id}/assets").GetProperty("get").GetProperty("parameters").EnumerateArray().ToDictionary(parameter => parameter.GetProperty("name").GetString()!);
        Assert.Equal(["asc", "desc"], assets["order"].GetProperty("schema").GetProperty("enum").EnumerateArray().Select(choice => choice.GetString()));
        Assert.Contains("captured", assets["sort"].GetProperty("schema").GetProperty("enum").EnumerateArray().Select(choice => choice.GetString()));
        var limit = assets["limit"].GetProperty("schema");
        Assert.Equal((1, 500), (limit.GetProperty("minimum").GetInt32(), limit.GetProperty("maximum").GetInt32()));
        Assert.True(calls.GetProperty("/api/assets/{id}/file").GetProperty("get").GetProperty("responses").TryGetProperty("412", out _));
        Assert.True(calls.GetProperty("/api/assets/{id}/thumbnail").GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("image/webp", out _));
        var events = calls.GetProperty("/sse/progress/{id}").GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("text/event-stream");
        Assert.Equal("#/components/schemas/ProgressItem", events.GetProperty("schema").GetProperty("$ref").GetString());
        Assert.True(calls.GetProperty("/ws/events").GetProperty("get").GetProperty("responses").TryGetProperty("101", out _));
        Assert.True(calls.GetProperty("/api/jobs/{name}/pause").GetProperty("post").GetProperty("responses").TryGetProperty("409", out _));
        var components = document.GetProperty("components");
        Assert.Equal("bearer", components.GetProperty("securitySchemes").GetProperty("bearer").GetProperty("scheme").GetString());
        Assert.Equal(["code", "detail", "status", "title", "type"], Contract.Names(components.GetProperty("schemas").GetProperty("Problem").GetProperty("properties")));
        // What is refused before a call is reached, and what is no call.
        string[] ofNoCall = ["bad_request", "method_not_allowed", "screen_not_built"];
        var paths = calls.ToString();
        Assert.All(Errors.ProblemKind.All, kind => Assert.Equal((kind.Code, ofNoCall.Contains(kind.Code)), (kind.Code, !paths.Contains($"({kind.Code})", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task OpenApi_Document_DescribesEveryTypeAndWhatItsFieldsAre()
    {
        await using var server = await RunningServer.StartAsync();

        var types = (await server.GetAsync("/openapi/v1.json")).GetProperty("components").GetProperty("schemas");

        Assert.All(types.EnumerateObject(), type => Assert.True(type.Value.TryGetProperty("description", out var text) && text.GetString()!.Length > 0, $"{type.Name} has no description"));
        Assert.StartsWith("Absolute, or under", Field("NewLibrary", "path").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Contains("confirms their removal", Field("LibraryItem", "missing").GetProperty("description").GetString(), StringComparison.Ordinal);
        foreach (var (type, needed) in ((string, string)[])[("NewLibrary", "path"), ("LibraryChange", "name"), ("NewTags", "names")])
        {
            Assert.Equal([needed], types.GetProperty(type).GetProperty("required").EnumerateArray().Select(name => name.GetString()));
            Assert.Equal(JsonValueKind.String, Field(type, needed).GetProperty("type").ValueKind); // and not null
        }

        Assert.Equal("#/components/schemas/JobLineLevel", Field("JobLineItem", "level").GetProperty("$ref").GetString());
        Assert.Equal(["information", "warning", "error", "critical"], types.GetProperty("JobLineLevel").GetProperty("enum").EnumerateArray().Select(level => level.GetString()));

        JsonElement Field(string type, string name) => types.GetProperty(type).GetProperty("properties").GetProperty(name);
    }

    [Fact]
    public void HttpPage_HasEveryKindOfProblem()
    {
        var page = File.ReadAllText(Path.Join(Vitrine.Tests.Architecture.SourceTree.Root, "docs", "http.md"));

        Assert.All(Errors.ProblemKind.All, kind => Assert.Contains($"| {kind.Status} | `{kind.Code}` |", page, StringComparison.Ordinal));
        Assert.Equal(Errors.ProblemKind.All.Count, Errors.ProblemKind.All.Select(kind => kind.Code).Distinct().Count());
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
        await Contract.AssertProblemAsync(await server.Http.PostAsJsonAsync($"/api/jobs/scan:{library}/cancel", new { }, Cancelled), HttpStatusCode.Conflict);
        var stats = await server.GetAsync("/api/stats");
        Assert.Superset(new HashSet<string> { "uptime_seconds", "memory_bytes", "libraries", "assets", "caches", "decoders", "progress_delivery" }, Contract.Names(stats).ToHashSet());
        Assert.Equal(1, stats.GetProperty("libraries").GetInt32());
    }
}
