using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Vitrine.Indexing.Watching;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Api;

public sealed class LibrariesApiTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_NewFolder_Answers201AndTheSameAgain200()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync();

        var created = await server.Http.PostAsJsonAsync("/api/libraries", new { path = folder.Path, name = " Mine " }, Cancelled);
        var first = await RunningServer.ReadAsync(created, HttpStatusCode.Created);
        var again = await server.PostAsync("/api/libraries", new { path = $"{folder.Path}/" }, HttpStatusCode.OK);

        Assert.Equal(["library_id", "name", "note", "path", "task_group_id"], Contract.Names(first));
        Assert.Equal("Mine", first.GetProperty("name").GetString());
        Assert.Equal($"/api/libraries/{first.GetProperty("library_id").GetString()}", created.Headers.Location?.OriginalString);
        Assert.Equal(first.ToString(), again.ToString());
        Assert.Single((await server.GetAsync("/api/libraries")).GetProperty("items").EnumerateArray());

        var inside = await server.PostAsync("/api/libraries", new { path = folder.Folder("inside") }, HttpStatusCode.Created);
        Assert.Contains("lies inside the library 'Mine'", inside.GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_KnownFolderWithWhatItIsNot_Is409AndChangesNothing()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync();
        var first = await server.PostAsync("/api/libraries", new { path = folder.Path, name = "Mine" }, HttpStatusCode.Created);

        foreach (var body in (object[])[new { path = folder.Path, name = "Other" }, new { path = folder.Path, include_hidden = true }])
        {
            var detail = await Contract.AssertProblemAsync(await server.Http.PostAsJsonAsync("/api/libraries", body, Cancelled), HttpStatusCode.Conflict);
            Assert.Contains($"library {first.GetProperty("library_id").GetString()} already", detail, StringComparison.Ordinal);
        }

        foreach (var body in (object[])[new { path = folder.Path, name = " Mine " }, new { path = folder.Path, include_hidden = false }, new { path = folder.Path, name = (string?)null }])
            Assert.Equal(first.ToString(), (await server.PostAsync("/api/libraries", body, HttpStatusCode.OK)).ToString());
    }

    [Fact]
    public async Task Patch_Name_RenamesAndTellsTheScreens()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync();
        var id = await server.ImportAsync(folder.Path);
        using var events = await server.ConnectAsync("/ws/events");

        var renamed = await RunningServer.ReadAsync(await server.Http.PatchAsJsonAsync($"/api/libraries/{id}", new { name = "  Ca\u0303o \n 2024 " }, Cancelled), HttpStatusCode.OK);

        Assert.Equal("C\u00E3o 2024", renamed.GetProperty("name").GetString());
        Assert.Equal(Contract.Names(await server.GetAsync($"/api/libraries/{id}")), Contract.Names(renamed));
        Assert.Equal("C\u00E3o 2024", (await server.GetAsync($"/api/libraries/{id}")).GetProperty("name").GetString());
        await events.ReadUntilAsync(message => message.TryGetProperty("libraries", out var told) && told.EnumerateArray().Any(library => library.GetProperty("name").GetString() == "C\u00E3o 2024"));
        foreach (var body in (object[])[new { }, new { name = " " }, new { name = new string('x', 256) }, new { name = 5 }])
            Assert.Contains("name", await Contract.AssertProblemAsync(await server.Http.PatchAsJsonAsync($"/api/libraries/{id}", body, Cancelled), HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("Did you mean 'name'?", await Contract.AssertProblemAsync(await server.Http.PatchAsJsonAsync($"/api/libraries/{id}", new { nam = "x" }, Cancelled), HttpStatusCode.BadRequest), StringComparison.Ordinal);
        await Contract.AssertProblemAsync(await server.Http.PatchAsJsonAsync("/api/libraries/999", new { name = "x" }, Cancelled), HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/does/not/exist", "does not exist")]
    [InlineData("relative", "absolute")]
    [InlineData("", "empty")]
    [InlineData(null, "empty")]
    [InlineData("{file}", "is a file")]
    [InlineData("{data}", "inside the data folder")]
    [InlineData("/proc/self/root{data}", "inside the data folder")]
    public async Task Post_PathThatCannotBeALibrary_Is400AndStoresNothing(string? path, string expected)
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync();
        path = path?.Replace("{file}", folder.File("a.jpg")).Replace("{data}", server.DataFolder);

        var response = await server.Http.PostAsJsonAsync("/api/libraries", new { path }, Cancelled);

        Assert.Contains(expected, await Contract.AssertProblemAsync(response, HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Empty((await server.GetAsync("/api/libraries")).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"path\": 5}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("null", "application/json", HttpStatusCode.BadRequest)]
    public async Task Post_BodyThatIsNoLibrary_IsAProblem(string body, string mediaType, HttpStatusCode expected)
    {
        await using var server = await RunningServer.StartAsync();

        var response = await server.Http.PostAsync("/api/libraries", new StringContent(body, Encoding.UTF8, mediaType), Cancelled);

        await Contract.AssertProblemAsync(response, expected);
    }

    [Fact]
    public async Task Get_Library_HasTheShapeOfTheContract()
    {
        using var folder = new TemporaryFolder();
        folder.File("a.stl", "solid a\nendsolid a\n");
        folder.Link("out", "/etc");
        await using var server = await RunningServer.StartAsync();
        var id = await server.ImportAsync(folder.Path);

        var library = await server.GetAsync($"/api/libraries/{id}");

        Assert.Equal(["created_at", "following", "include_hidden", "library_id", "missing", "name", "offline", "path", "paused", "progress", "skipped"], Contract.Names(library));
        Assert.Equal(1, library.GetProperty("skipped").GetInt32());
        Assert.Equal(folder.Path, library.GetProperty("path").GetString());
        Assert.EndsWith("+00:00", library.GetProperty("created_at").GetString()!.Replace("Z", "+00:00"), StringComparison.Ordinal);
        Assert.Equal(
            ["embedding", "eta_seconds", "failed", "indexed", "library_id", "pending", "phase", "rate_per_second", "ready", "scanning", "status", "task_group_id", "total", "updated_at", "version"],
            Contract.Names(library.GetProperty("progress")));
        Assert.Equal(library.ToString(), (await server.GetAsync("/api/libraries")).GetProperty("items")[0].ToString());
    }

    [Theory]
    [InlineData("GET", "/api/libraries/999")]
    [InlineData("DELETE", "/api/libraries/999")]
    [InlineData("POST", "/api/libraries/999/scan")]
    [InlineData("POST", "/api/libraries/999/pause")]
    [InlineData("POST", "/api/libraries/999/resume")]
    [InlineData("POST", "/api/libraries/999/cancel")]
    [InlineData("POST", "/api/libraries/999/retry-failed")]
    [InlineData("GET", "/api/libraries/999/assets")]
    [InlineData("GET", "/api/libraries/abc")]
    [InlineData("GET", "/api/assets/999")]
    [InlineData("GET", "/api/assets/999/thumbnail")]
    [InlineData("GET", "/api/assets/999/preview")]
    [InlineData("GET", "/api/assets/999/file")]
    [InlineData("GET", "/api/assets/999/similar")]
    [InlineData("POST", "/api/assets/999/retry")]
    [InlineData("GET", "/api/progress/999")]
    [InlineData("GET", "/sse/progress/999")]
    [InlineData("GET", "/api/jobs/none")]
    [InlineData("POST", "/api/jobs/none/cancel")]
    [InlineData("GET", "/api/failures?library=999")]
    [InlineData("GET", "/api/nothing")]
    public async Task AnyCall_OnWhatIsNotThere_Is404(string method, string path)
    {
        await using var server = await RunningServer.StartAsync();

        await Contract.AssertProblemAsync(await server.SendAsync(new HttpMethod(method), path), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task AnyCall_WithAnotherMethod_Is405WithThoseItTakes_AndWhatIsNotThereIs404WhateverTheMethod()
    {
        await using var server = await RunningServer.StartAsync();

        foreach (var (method, path, taken) in ((string, string, string[])[])
            [
                ("GET", "/api/libraries/1/scan", ["POST"]), ("PUT", "/api/libraries", ["GET", "HEAD", "POST"]), ("POST", "/api/libraries/1", ["DELETE", "GET", "HEAD", "PATCH"]),
                ("DELETE", "/API/health", ["GET", "HEAD"]), ("OPTIONS", "/api/tags", ["GET", "HEAD"]), ("DELETE", "/ws/events", ["GET"]), ("GET", "/api/jobs/scan:1/pause", ["POST"]),
                ("POST", "/openapi/v1.json", ["GET", "HEAD"]), ("POST", "/metrics", ["GET", "HEAD"]), ("POST", "/nothing", ["GET", "HEAD"]), ("PUT", "/", ["GET", "HEAD"]),
            ])
        {
            var answer = await server.SendAsync(new HttpMethod(method), path);
            Assert.Contains(string.Join(", ", taken), await Contract.AssertProblemAsync(answer, HttpStatusCode.MethodNotAllowed), StringComparison.Ordinal);
            Assert.Equal(taken, answer.Content.Headers.Allow);
        }

        foreach (var (method, path) in ((string, string)[])
            [("POST", "/api/nothing"), ("DELETE", "/api/libraries/abc"), ("GET", "/api"), ("GET", "/API/none"), ("PATCH", "/ws/none"), ("GET", "/OpenApi/none")])
            await Contract.AssertProblemAsync(await server.SendAsync(new HttpMethod(method), path), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Delete_Library_ForgetsItAndLeavesTheFiles()
    {
        using var pictures = new SamplePictures();
        pictures.Jpeg("a.jpg", 40, 30);
        await using var server = await RunningServer.StartAsync();
        var id = await server.ImportAsync(pictures.Folder);
        var asset = await server.IdOfAsync(id, "a.jpg");

        Assert.Equal(HttpStatusCode.NoContent, (await server.Http.DeleteAsync($"/api/libraries/{id}", Cancelled)).StatusCode);

        await server.GetAsync($"/api/libraries/{id}", HttpStatusCode.NotFound);
        await server.GetAsync($"/api/assets/{asset}", HttpStatusCode.NotFound);
        await server.GetAsync($"/api/progress/{id}", HttpStatusCode.NotFound);
        Assert.True(File.Exists(pictures.PathOf("a.jpg")));
        var again = await server.ImportAsync(pictures.Folder);
        Assert.NotEqual(id, again);
        Assert.Equal("ready", (await server.AssetsAsync(again))["a.jpg"].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Scan_Again_FindsWhatIsNewInANewGroup()
    {
        using var pictures = new SamplePictures();
        pictures.Jpeg("a.jpg", 40, 30);
        await using var server = await RunningServer.StartAsync();
        var id = await server.ImportAsync(pictures.Folder);
        pictures.Jpeg("b.jpg", 40, 30, seed: 2);

        var work = await server.PostAsync($"/api/libraries/{id}/scan");
        await server.FinishedAsync(work.GetProperty("task_group_id").GetString()!);

        Assert.Equal(["library_id", "task_group_id"], Contract.Names(work));
        Assert.Equal(["a.jpg", "b.jpg"], (await server.AssetsAsync(id)).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task PauseResumeCancel_SayWhatTheyDid()
    {
        using var pictures = new SamplePictures();
        for (var i = 0; i < 40; i++)
            pictures.Jpeg($"{i}.jpg", 60, 40, seed: i);
        await using var server = await RunningServer.StartAsync();
        var id = await server.PausedLibraryAsync(pictures.Folder); // before the first is begun, so that none of this races the work

        Assert.True((await server.GetAsync($"/api/libraries/{id}")).GetProperty("paused").GetBoolean());
        await server.PostAsync($"/api/libraries/{id}/cancel");

        var last = (await server.FinishedAsync(id))[^1]; // a cancelled library is final too
        Assert.Equal("cancelled", last.GetProperty("status").GetString());
        Assert.Equal(40, last.GetProperty("pending").GetInt64());
        await server.PostAsync($"/api/libraries/{id}/resume");
        Assert.False((await server.GetAsync($"/api/libraries/{id}")).GetProperty("paused").GetBoolean());
        await server.PostAsync($"/api/libraries/{id}/scan");
        last = (await server.FinishedAsync(id))[^1];
        Assert.Equal(("complete", 40L), (last.GetProperty("status").GetString(), last.GetProperty("ready").GetInt64()));
    }

    [Fact]
    public async Task Get_FolderGoneAndBack_SaysOfflineAndWhy()
    {
        using var folder = new TemporaryFolder();
        folder.File("root/a.stl", "solid a\nendsolid a\n");
        await using var server = await RunningServer.StartAsync();
        var id = await server.ImportAsync(folder.Of("root"));
        await server.SettledScanAsync(id);
        Directory.Move(folder.Of("root"), folder.Of("away"));

        await server.PostAsync($"/api/libraries/{id}/scan");
        await server.SettledScanAsync(id);
        var offline = (await server.GetAsync($"/api/libraries/{id}")).GetProperty("offline");
        Assert.Equal(["reason", "since"], Contract.Names(offline));
        Assert.Equal("is not there", offline.GetProperty("reason").GetString());
        Assert.Single(await server.AssetsAsync(id));

        Directory.Move(folder.Of("away"), folder.Of("root"));
        await server.PostAsync($"/api/libraries/{id}/scan");
        await server.SettledScanAsync(id);
        // The follower may just be writing what it saw before.
        await Patience.UntilAsync(async () => (await server.GetAsync($"/api/libraries/{id}")).GetProperty("offline").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task Scan_MoreThanHalfGone_RemovesThemOnlyWhenConfirmed()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 20; i++)
            folder.File($"{i}.stl", $"solid {i}\nendsolid {i}\n");
        await using var server = await RunningServer.StartAsync();
        var id = await server.ImportAsync(folder.Path);
        await server.SettledScanAsync(id);
        for (var i = 0; i < 15; i++)
            File.Delete(folder.Of($"{i}.stl"));

        await server.PostAsync($"/api/libraries/{id}/scan", new { confirm_removal = false });
        await server.SettledScanAsync(id);
        Assert.Equal((15, 20), await CountsAsync());

        await server.PostAsync($"/api/libraries/{id}/scan", new { confirm_removal = true });
        await server.SettledScanAsync(id);
        Assert.Equal((0, 5), await CountsAsync());

        async Task<(int Missing, int Total)> CountsAsync()
        {
            var library = await server.GetAsync($"/api/libraries/{id}");
            return (library.GetProperty("missing").GetInt32(), library.GetProperty("progress").GetProperty("total").GetInt32());
        }
    }

    [Fact]
    public async Task Get_WatchedLibrary_SaysThatItIsFollowed()
    {
        using var folder = new TemporaryFolder();
        folder.File("a.stl", "solid a\nendsolid a\n");
        await using var server = await RunningServer.StartAsync(watching: new WatchOptions());
        var id = await server.ImportAsync(folder.Path);

        JsonElement following;
        do
            following = (await server.GetAsync($"/api/libraries/{id}")).GetProperty("following");
        while (following.GetProperty("mode").GetString() != "live");

        Assert.Equal(["mode", "note"], Contract.Names(following));
        Assert.Equal(JsonValueKind.Null, following.GetProperty("note").ValueKind);
    }
}
