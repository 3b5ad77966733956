using System.Net;
using System.Net.Http.Json;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Api;

public sealed class AssetsApiTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_OfALibrary_HasTheShapeOfTheContract()
    {
        using var pictures = new SamplePictures();
        Directory.CreateDirectory(pictures.PathOf("2024"));
        pictures.Jpeg("2024/a.jpg", 400, 300, orientation: 6);
        pictures.Text("bad.jpg", "no picture");
        await using var server = await RunningServer.StartAsync();
        var id = await server.ImportAsync(pictures.Folder);

        var page = await server.GetAsync($"/api/libraries/{id}/assets?sort=path");

        Assert.Equal(["coverage", "items", "offset", "total"], Contract.Names(page));
        Assert.Equal(["covered", "eta_seconds", "total"], Contract.Names(page.GetProperty("coverage")));
        Assert.Equal((2, 2), (page.GetProperty("total").GetInt32(), page.GetProperty("coverage").GetProperty("covered").GetInt32()));
        var (bad, good) = (page.GetProperty("items")[0], page.GetProperty("items")[1]);
        Assert.Equal(
            ["animated", "captured_at", "colour", "failure", "height", "id", "kind", "modified_at", "name", "path", "size", "status", "thumbnail_url", "warning", "width"],
            Contract.Names(good));
        Assert.Equal(("2024/a.jpg", "a.jpg", "image", "ready"), (Text(good, "path"), Text(good, "name"), Text(good, "kind"), Text(good, "status")));
        Assert.Equal((300, 400), (good.GetProperty("width").GetInt32(), good.GetProperty("height").GetInt32()));
        Assert.Matches("^#[0-9a-f]{6}$", Text(good, "colour"));
        Assert.Matches($"^/api/assets/{good.GetProperty("id")}/thumbnail\\?c=[0-9a-f]{{16}}$", Text(good, "thumbnail_url"));
        Assert.Equal("failed", Text(bad, "status"));
        Assert.Equal("The file is not a picture.", Text(bad, "failure"));
        Assert.Null(Text(bad, "thumbnail_url"));
        Assert.Null(Text(bad, "colour"));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=501")]
    [InlineData("limit=abc")]
    [InlineData("offset=-1")]
    [InlineData("offset=99999999999999999999")]
    [InlineData("sort=colourfulness")]
    [InlineData("sort=3")]
    [InlineData("order=down")]
    public async Task Page_WithWhatItDoesNotTake_Is400(string query)
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync();
        var id = await server.AddAsync(folder.Path);

        await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, $"/api/libraries/{id}/assets?{query}"), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Page_AnyOffsetAndOrder_IsASliceOfTheSameList()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 25; i++)
            folder.File($"{i:d2}.stl", new string('x', i));
        await using var server = await RunningServer.StartAsync();
        var id = await server.ImportAsync(folder.Path);

        async Task<string[]> Names(string query) =>
            [.. (await server.GetAsync($"/api/libraries/{id}/assets?{query}")).GetProperty("items").EnumerateArray().Select(item => Text(item, "name")!)];

        var all = Enumerable.Range(0, 25).Select(i => $"{i:d2}.stl").ToArray();
        Assert.Equal(all, await Names("sort=name"));
        Assert.Equal(all[10..15], await Names("sort=name&offset=10&limit=5"));
        Assert.Equal(Enumerable.Reverse(all).Take(3), await Names("sort=size&order=desc&limit=3"));
        Assert.Empty(await Names("offset=25"));
        Assert.Empty(await Names("offset=1000000"));
        foreach (var sort in (string[])["added", "path", "name", "size", "modified", "captured", "width", "status"])
            Assert.Equal(25, (await Names($"sort={sort}")).Distinct().Count());
    }

    [Fact]
    public async Task Get_Asset_HasAllFacts()
    {
        using var pictures = new SamplePictures();
        pictures.Jpeg("a.jpg", 400, 300);
        pictures.Text("bad.jpg", "no");
        await using var server = await RunningServer.StartAsync();
        var id = await server.ImportAsync(pictures.Folder);

        var facts = await server.GetAsync($"/api/assets/{await server.IdOfAsync(id, "a.jpg")}");
        var bad = await server.GetAsync($"/api/assets/{await server.IdOfAsync(id, "bad.jpg")}");

        Assert.Superset(
            new HashSet<string> { "library_id", "added_at", "sha256", "md5", "format", "orientation", "frames", "attempts", "preview_url", "file_url", "metadata", "failure_details" },
            Contract.Names(facts).ToHashSet());
        var bytes = await File.ReadAllBytesAsync(pictures.PathOf("a.jpg"), Cancelled);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), Text(facts, "sha256"));
        Assert.Equal("jpeg", Text(facts, "format"));
        var failure = bad.GetProperty("failure_details");
        Assert.Equal(["attempts", "class", "details", "failed_at", "reason", "stage"], Contract.Names(failure));
        Assert.Equal(("not_a_picture", "The file is not a picture."), (Text(failure, "class"), Text(failure, "reason")));
        Assert.Equal("metadata", Text(failure, "stage"));
    }

    [Fact]
    public async Task Similar_Asset_GivesNeighboursNearestFirstWithoutItself()
    {
        using var pictures = new SamplePictures();
        var original = pictures.Jpeg("a.jpg", 200, 150, seed: 1);
        File.Copy(original, pictures.PathOf("copy.jpg"));
        for (var i = 2; i < 6; i++)
            pictures.Jpeg($"{i}.jpg", 200, 150, seed: i);
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(pictures.Folder);
        var id = await server.IdOfAsync(library, "a.jpg");

        var answer = await SimilarToAllAsync(server, id, limit: 3);

        Assert.Equal(["coverage", "items", "space"], Contract.Names(answer));
        var items = answer.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(3, items.Count);
        Assert.Equal("copy.jpg", Text(items[0].GetProperty("asset"), "name"));
        Assert.Equal(1, items[0].GetProperty("similarity").GetDouble(), 0.01);
        Assert.DoesNotContain(items, item => item.GetProperty("asset").GetProperty("id").GetInt64() == id);
        Assert.Equal((6, 6), (answer.GetProperty("coverage").GetProperty("covered").GetInt32(), answer.GetProperty("coverage").GetProperty("total").GetInt32()));
        foreach (var limit in (string[])["0", "201", "x"])
            await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, $"/api/assets/{id}/similar?limit={limit}"), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Retry_OfAMendedFile_MakesItReady()
    {
        using var pictures = new SamplePictures();
        pictures.Text("a.jpg", "no");
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(pictures.Folder);
        var id = await server.IdOfAsync(library, "a.jpg");
        pictures.Jpeg("a.jpg", 40, 30);

        var work = await server.PostAsync($"/api/assets/{id}/retry");
        await server.FinishedAsync(work.GetProperty("task_group_id").GetString()!);

        Assert.Equal("ready", Text(await server.GetAsync($"/api/assets/{id}"), "status"));
        await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Post, $"/api/assets/{id}/retry"), HttpStatusCode.Conflict);
        Assert.Equal(0, (await server.GetAsync($"/api/failures?library={library}")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task RetryFailed_OfALibrary_TakesAllUpAgain()
    {
        using var pictures = new SamplePictures();
        pictures.Text("a.jpg", "no");
        pictures.Text("b.jpg", "no");
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(pictures.Folder);
        pictures.Jpeg("a.jpg", 40, 30);

        var work = await server.PostAsync($"/api/libraries/{library}/retry-failed");
        var last = (await server.FinishedAsync(work.GetProperty("task_group_id").GetString()!))[^1];

        Assert.Equal((1, 1), (last.GetProperty("ready").GetInt32(), last.GetProperty("failed").GetInt32()));
    }

    [Fact]
    public async Task Failures_Page_ListsAssetsAndSkippedPaths()
    {
        using var pictures = new SamplePictures();
        for (var i = 0; i < 5; i++)
            pictures.Text($"{i}.jpg", "no");
        File.CreateSymbolicLink(pictures.PathOf("out"), "/etc");
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(pictures.Folder);

        var page = await server.GetAsync($"/api/failures?library={library}&offset=3&limit=10");
        var all = await server.GetAsync("/api/failures");

        Assert.Equal(["items", "offset", "skipped", "total"], Contract.Names(page));
        Assert.Equal((5, 2), (page.GetProperty("total").GetInt32(), page.GetProperty("items").GetArrayLength()));
        Assert.Equal(
            ["asset_id", "attempts", "class", "details", "failed_at", "library_id", "path", "reason", "stage"], Contract.Names(page.GetProperty("items")[0]));
        Assert.Equal("out", Text(page.GetProperty("skipped")[0], "path"));
        Assert.Equal(5, all.GetProperty("items").GetArrayLength());
        foreach (var query in (string[])["limit=0", "limit=501", "offset=-1", "library=x"])
            await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, $"/api/failures?{query}"), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Viewport_IsTaken_WhateverItHolds()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync();
        var library = await server.AddAsync(folder.Path);

        foreach (var body in (object[])[new { asset_ids = new long[] { 1, 2, 999 } }, new { asset_ids = Array.Empty<long>() }, new { }, new { asset_ids = Enumerable.Range(0, 5000) }])
            Assert.Equal(HttpStatusCode.NoContent, (await server.Http.PostAsJsonAsync($"/api/libraries/{library}/viewport", body, Cancelled)).StatusCode);
        await Contract.AssertProblemAsync(
            await server.Http.PostAsJsonAsync($"/api/libraries/{library}/viewport", new { asset_ids = "all" }, Cancelled), HttpStatusCode.BadRequest);
        await Contract.AssertProblemAsync(
            await server.Http.PostAsJsonAsync("/api/libraries/999/viewport", new { asset_ids = Enumerable.Range(1, 1) }, Cancelled), HttpStatusCode.NotFound);
    }

    /// <summary>Asks until all vectors are compared: an answer does not wait long for those that are still being read.</summary>
    private static async Task<System.Text.Json.JsonElement> SimilarToAllAsync(RunningServer server, long asset, int limit)
    {
        System.Text.Json.JsonElement answer = default;
        await Patience.UntilAsync(async () =>
        {
            answer = await server.GetAsync($"/api/assets/{asset}/similar?limit={limit}");
            var coverage = answer.GetProperty("coverage");
            return coverage.GetProperty("covered").GetInt32() == coverage.GetProperty("total").GetInt32();
        });
        return answer;
    }

    private static string? Text(System.Text.Json.JsonElement element, string name) => element.GetProperty(name).GetString();
}
