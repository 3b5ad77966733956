using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Progress;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Live;

/// <summary>Socket, event stream and polling: one snapshot, monotonic, throttled, ending by themselves.</summary>
public sealed class ProgressTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SocketStreamAndPolling_OfOneImport_AgreeAndEndByThemselves()
    {
        using var pictures = new SamplePictures();
        for (var i = 0; i < 60; i++)
            pictures.Jpeg($"{i}.jpg", 200, 150, seed: i);
        pictures.Text("bad.jpg", "no");
        await using var server = await RunningServer.StartAsync();
        var library = await server.AddAsync(pictures.Folder);

        var bySocket = server.FinishedAsync(library);
        var byStream = ReadStreamAsync(server, library);
        await Task.WhenAll(bySocket, byStream);
        var polled = await server.GetAsync($"/api/progress/{library}");

        foreach (var snapshots in (List<JsonElement>[])[await bySocket, await byStream])
        {
            AssertMonotonic(snapshots);
            Assert.Equal(polled.ToString(), snapshots[^1].ToString());
        }

        Assert.Equal(("complete", "done", 60L, 1L), (Text(polled, "status"), Text(polled, "phase"), Number(polled, "ready"), Number(polled, "failed")));
        Assert.Equal(Contract.Names(polled), Contract.Names((await bySocket)[0]));
        // The last message equals the rows themselves.
        var rows = (await server.AssetsAsync(library)).Values.GroupBy(asset => Text(asset, "status")!).ToDictionary(group => group.Key, group => (long)group.Count());
        Assert.Equal((60L, 1L), (rows["ready"], rows["failed"]));
        Assert.Equal(61, Number(polled, "total"));
    }

    [Fact]
    public async Task Socket_DuringAnImport_IsThrottled()
    {
        using var pictures = new SamplePictures();
        for (var i = 0; i < 150; i++)
            pictures.Jpeg($"{i}.jpg", 60, 40, seed: i);
        using var data = new TemporaryFolder("vitrine-data-");
        string library;
        await using (var before = await RunningServer.StartAsync(data.Path))
            library = await before.PausedLibraryAsync(pictures.Folder);
        var time = new ManualTime();
        await using var server = await RunningServer.StartAsync(data.Path, replace: services => services.AddSingleton<TimeProvider>(time));
        using var socket = await server.ConnectAsync($"/ws/progress/{library}");
        await socket.ReadOrNullAsync();
        await time.TimerOfAsync(ProgressFeed.MinimumInterval);

        // All of it happens within one interval: the clock stands still.
        await server.PostAsync($"/api/libraries/{library}/resume");
        await Patience.UntilAsync(async () => Number(await server.GetAsync($"/api/progress/{library}"), "pending") == 0);
        time.Advance(ProgressFeed.MinimumInterval);

        Assert.Equal(0, Number((await socket.ReadOrNullAsync())!.Value, "pending")); // one message for 150 pictures
        var delivery = (await server.GetAsync("/api/stats")).GetProperty("progress_delivery");
        Assert.True(delivery.GetProperty("offered").GetInt64() > delivery.GetProperty("sent").GetInt64());
        Assert.Equal(delivery.GetProperty("offered").GetInt64() - delivery.GetProperty("sent").GetInt64(), delivery.GetProperty("dropped").GetInt64());
    }

    [Fact]
    public async Task Socket_OfWhatIsComplete_SendsOneSnapshotAndCloses()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(folder.Path);

        var snapshot = Assert.Single(await server.FinishedAsync(library));

        Assert.Equal(("complete", 0L), (Text(snapshot, "status"), Number(snapshot, "total")));
    }

    [Fact]
    public async Task Socket_OfATaskGroup_GivesThatGroup()
    {
        using var pictures = new SamplePictures();
        pictures.Jpeg("a.jpg", 40, 30);
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(pictures.Folder);
        pictures.Jpeg("b.jpg", 40, 30, seed: 2);
        var group = Text(await server.PostAsync($"/api/libraries/{library}/scan"), "task_group_id")!;

        var last = (await server.FinishedAsync(group))[^1];

        Assert.Equal((group, library, 1L), (Text(last, "task_group_id"), Text(last, "library_id"), Number(last, "total")));
    }

    [Fact]
    public async Task Socket_WithNothingNew_RepeatsTheLatestWithin5Seconds()
    {
        using var folder = new TemporaryFolder();
        folder.File("a.stl");
        using var data = new TemporaryFolder("vitrine-data-");
        string library;
        await using (var before = await RunningServer.StartAsync(data.Path))
            library = await before.PausedLibraryAsync(folder.Path);
        var time = new ManualTime();
        await using var server = await RunningServer.StartAsync(data.Path, replace: services => services.AddSingleton<TimeProvider>(time));
        using var socket = await server.ConnectAsync($"/ws/progress/{library}");

        var first = await socket.ReadOrNullAsync();
        var again = socket.ReadOrNullAsync();
        await time.TimerOfAsync(ProgressFeed.MinimumInterval);
        time.Advance(ProgressFeed.MinimumInterval);
        await time.TimerOfAsync(ProgressFeed.HeartbeatInterval - ProgressFeed.MinimumInterval);
        Assert.False(again.IsCompleted);
        time.Advance(ProgressFeed.HeartbeatInterval - ProgressFeed.MinimumInterval);

        Assert.Equal(first.ToString(), (await again).ToString());
    }

    [Fact]
    public async Task Poll_WithTheCurrentTag_Is304()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(folder.Path);

        var first = await server.SendAsync(HttpMethod.Get, $"/api/progress/{library}");
        var same = await server.SendAsync(HttpMethod.Get, $"/api/progress/{library}", ("If-None-Match", first.Headers.ETag!.ToString()));
        var many = await server.SendAsync(HttpMethod.Get, $"/api/progress/{library}", ("If-None-Match", $"\"x\", {first.Headers.ETag}"));
        var other = await server.SendAsync(HttpMethod.Get, $"/api/progress/{library}", ("If-None-Match", "\"0\""));

        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.NotModified, HttpStatusCode.OK), (same.StatusCode, many.StatusCode, other.StatusCode));
        Contract.AssertSafeHeaders(same);
    }

    [Fact]
    public async Task Socket_AskedForPlainly_SaysThatAnUpgradeIsNeeded()
    {
        await using var server = await RunningServer.StartAsync();

        await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, "/ws/progress/1"), HttpStatusCode.UpgradeRequired);
        await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, "/ws/events"), HttpStatusCode.UpgradeRequired);
    }

    [Theory]
    [InlineData("/ws/progress/999")]
    [InlineData("/ws/events?library=999")]
    public async Task Socket_OfWhatIsNotThere_IsRefusedWith404(string path)
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, await SocketClient.RefusalAsync(server.Address, path));
    }

    [Fact]
    public async Task Stop_WithClientsConnected_SaysGoodbyeToEach()
    {
        using var folder = new TemporaryFolder();
        folder.File("a.stl");
        var server = await RunningServer.StartAsync();
        var library = await server.PausedLibraryAsync(folder.Path);
        using var progress = await server.ConnectAsync($"/ws/progress/{library}");
        using var events = await server.ConnectAsync($"/ws/events?library={library}");
        using var stream = await server.SendAsync(HttpMethod.Get, $"/sse/progress/{library}");
        await progress.ReadOrNullAsync();
        var text = stream.Content.ReadAsStringAsync(Cancelled);

        var stopped = server.DisposeAsync().AsTask();

        foreach (var socket in new[] { progress, events })
        {
            while (await socket.ReadOrNullAsync() is not null)
                continue;
            Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        }

        Assert.StartsWith("id: ", await text.OrTooLateAsync(), StringComparison.Ordinal); // ended, and not broken off
        await stopped.OrTooLateAsync();
    }

    [Fact]
    public async Task Clients_ThatVanish_HarmNobody()
    {
        using var pictures = new SamplePictures();
        for (var i = 0; i < 40; i++)
            pictures.Jpeg($"{i}.jpg", 200, 150, seed: i);
        await using var server = await RunningServer.StartAsync();
        var library = await server.AddAsync(pictures.Folder);

        for (var i = 0; i < 10; i++)
        {
            using (var socket = await server.ConnectAsync(i % 2 == 0 ? $"/ws/progress/{library}" : $"/ws/events?library={library}"))
            {
                if (i % 2 == 0)
                    await socket.ReadOrNullAsync();
            }

            (await server.SendAsync(HttpMethod.Get, $"/sse/progress/{library}")).Dispose();
        }

        Assert.Equal(40, Number((await server.FinishedAsync(library))[^1], "ready"));
    }

    private static async Task<List<JsonElement>> ReadStreamAsync(RunningServer server, string id)
    {
        using var response = await server.SendAsync(HttpMethod.Get, $"/sse/progress/{id}");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Contract.AssertSafeHeaders(response);
        var text = await response.Content.ReadAsStringAsync(Cancelled); // ends by itself
        var snapshots = new List<JsonElement>();
        foreach (var message in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = message.Split('\n');
            var snapshot = JsonDocument.Parse(Encoding.UTF8.GetBytes(lines[1]["data: ".Length..])).RootElement;
            Assert.Equal($"id: {Number(snapshot, "version")}", lines[0]);
            snapshots.Add(snapshot);
        }

        return snapshots;
    }

    private static void AssertMonotonic(List<JsonElement> snapshots)
    {
        foreach (var member in (string[])["version", "total"])
            Assert.Equal(snapshots.Select(snapshot => Number(snapshot, member)).Order(), snapshots.Select(snapshot => Number(snapshot, member)));
        Assert.Equal(
            snapshots.Select(snapshot => Number(snapshot, "ready") + Number(snapshot, "failed")).Order(),
            snapshots.Select(snapshot => Number(snapshot, "ready") + Number(snapshot, "failed")));
        Assert.All(snapshots, snapshot => Assert.Equal(
            Number(snapshot, "total"),
            ((string[])["pending", "indexed", "embedding", "ready", "failed"]).Sum(member => Number(snapshot, member))));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
