using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Storage;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Live;

public sealed class EventsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_DuringAnImport_TellTotalsAndOnlyVisibleAssets()
    {
        using var pictures = new SamplePictures();
        for (var i = 0; i < 80; i++)
            pictures.Jpeg($"{i:d2}.jpg", 60, 40, seed: i);
        await using var server = await RunningServer.StartAsync();
        var library = await server.PausedLibraryAsync(pictures.Folder);
        var all = (await server.AssetsAsync(library)).Values.Select(asset => asset.GetProperty("id").GetInt64()).Order().ToArray();
        var seen = all[40..50];
        using var events = await server.ConnectAsync($"/ws/events?library={library}");

        await ReportAsync(events, seen);
        await server.PostAsync($"/api/libraries/{library}/resume");
        var last = new Dictionary<long, string>();
        var messages = await events.ReadUntilAsync(message =>
        {
            foreach (var asset in Assets(message))
                last[asset.GetProperty("id").GetInt64()] = asset.GetProperty("status").GetString()!;
            return seen.All(id => last.GetValueOrDefault(id) == "ready");
        });

        Assert.Equal(seen, last.Keys.Order());
        Assert.All(messages, message => Assert.Equal(library, message.GetProperty("library_id").GetString()));
        Assert.DoesNotContain(messages, message => message.TryGetProperty("reload", out _));
        // Every part that says nothing is absent, not null.
        Assert.All(messages, message => Assert.DoesNotContain(message.EnumerateObject(), part => part.Value.ValueKind == JsonValueKind.Null));
        Assert.Equal(
            Contract.Names((await server.AssetsAsync(library))["00.jpg"]), Contract.Names(messages.SelectMany(Assets).First()));
    }

    [Fact]
    public async Task Events_WindowReportedAfterTheChange_StillTellsOfIt()
    {
        using var pictures = new SamplePictures();
        pictures.Jpeg("a.jpg", 40, 30);
        await using var server = await RunningServer.StartAsync();
        var library = await server.PausedLibraryAsync(pictures.Folder);
        var id = await server.IdOfAsync(library, "a.jpg");
        using var events = await server.ConnectAsync($"/ws/events?library={library}");

        // The page was fetched while the asset was pending; it is ready before the page says what it shows.
        await server.PostAsync($"/api/libraries/{library}/resume");
        await server.FinishedAsync(library);
        await events.SendAsync(Report(id));

        var told = (await events.ReadUntilAsync(message => Assets(message).Any()))[^1];
        Assert.Equal("ready", Assets(told).Single().GetProperty("status").GetString());
    }

    [Fact]
    public async Task Events_Viewport_CountsAsAReportOfWhatIsSeen()
    {
        using var pictures = new SamplePictures();
        for (var i = 0; i < 100; i++)
            pictures.Jpeg($"{i:d3}.jpg", 60, 40, seed: i);
        await using var server = await RunningServer.StartAsync();
        var library = await server.PausedLibraryAsync(pictures.Folder);
        var ids = (await server.AssetsAsync(library)).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.GetProperty("id").GetInt64()).ToArray();
        var seen = ids[80..90];
        using var events = await server.ConnectAsync($"/ws/events?library={library}");

        // Each first claim is noted in the order of the commits.
        var database = server.Server.Services.GetRequiredService<Database>();
        await database.WriteAsync(
            transaction => transaction.Connection.Execute(
                """
                CREATE TABLE claimed (place INTEGER PRIMARY KEY, asset_id INTEGER);
                CREATE TRIGGER note_claim AFTER UPDATE OF claims ON assets WHEN OLD.claims = 0 AND NEW.claims = 1 BEGIN INSERT INTO claimed (asset_id) VALUES (NEW.id); END
                """),
            WriteUrgency.Urgent,
            Cancelled);
        await ReportAsync(events, seen);
        await server.PostAsync($"/api/libraries/{library}/resume");
        var done = new HashSet<long>();
        await events.ReadUntilAsync(message =>
        {
            done.UnionWith(Assets(message).Where(asset => asset.GetProperty("status").GetString() != "pending").Select(asset => asset.GetProperty("id").GetInt64()));
            return done.Count == seen.Length;
        });

        // The window is at the end of the order, and first; at most one of the oldest goes before it, whose turn it is now and then.
        var claimed = database.Read(connection => connection.Query("SELECT asset_id FROM claimed ORDER BY place LIMIT 11", row => row.GetInt64(0)));
        Assert.Subset(claimed.ToHashSet(), seen.ToHashSet());
    }

    [Fact]
    public async Task Events_RemovalAndGrowth_AskForAReloadAndTellTheTotal()
    {
        using var folder = new TemporaryFolder();
        folder.File("a.stl");
        folder.File("b.stl");
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(folder.Path);
        using var events = await server.ConnectAsync($"/ws/events?library={library}");

        folder.File("c.stl");
        await server.PostAsync($"/api/libraries/{library}/scan");
        // The first message tells the total as it was when the socket opened.
        var grown = (await events.ReadUntilAsync(message => message.TryGetProperty("total", out var total) && total.GetInt32() != 2))[^1];
        Assert.Equal(3, grown.GetProperty("total").GetInt32());
        Assert.False(grown.TryGetProperty("reload", out _));
        await server.FinishedAsync(library);
        await server.SettledScanAsync(library);

        File.Delete(folder.Of("a.stl"));
        await server.PostAsync($"/api/libraries/{library}/scan");
        var shrunk = (await events.ReadUntilAsync(message => message.TryGetProperty("reload", out _)))[^1];
        Assert.True(shrunk.GetProperty("reload").GetBoolean());
        Assert.Equal(2, shrunk.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Events_JobsAndLibraries_AreToldAsTheirCallsTellThem()
    {
        using var folder = new TemporaryFolder();
        folder.File("a.stl");
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(folder.Path);
        await server.SettledScanAsync(library);
        using var events = await server.ConnectAsync($"/ws/events?library={library}");

        // Whoever read the library before the socket was open may have read something older, and nothing else may ever change.
        var first = await events.ReadUntilAsync(_ => true);
        var atTheStart = Assert.Single(Parts(first.Single(), "libraries"));
        Assert.Equal((await server.GetAsync($"/api/libraries/{library}")).ToString(), atTheStart.ToString());

        var job = $"scan:{library}";

        await server.PostAsync($"/api/libraries/{library}/scan");
        var messages = await events.ReadUntilAsync(message => Parts(message, "jobs")
            .Any(told => told.GetProperty("name").GetString() == job && told.GetProperty("status").GetString() == "completed"));

        var last = messages.SelectMany(message => Parts(message, "jobs")).Last(told => told.GetProperty("name").GetString() == job);
        Assert.Equal((await server.GetAsync($"/api/jobs/{job}")).GetProperty("job").ToString(), last.ToString());
        Assert.Contains(messages, message => Parts(message, "libraries").Any());
    }

    [Fact]
    public async Task Events_WithNothingToTell_AreHeartbeats()
    {
        using var folder = new TemporaryFolder();
        using var data = new TemporaryFolder("vitrine-data-");
        string library;
        await using (var before = await RunningServer.StartAsync(data.Path))
        {
            library = await before.ImportAsync(folder.Path);
            await before.SettledScanAsync(library);
        }

        await using var server = await RunningServer.StartAsync(data.Path, replace: services => services.AddSingleton<TimeProvider>(new FastTime(20)));
        using var events = await server.ConnectAsync($"/ws/events?library={library}");

        var beat = (await events.ReadUntilAsync(message => message.TryGetProperty("heartbeat", out _)))[^1];

        Assert.Equal(["heartbeat", "library_id"], Contract.Names(beat));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"visible\": \"all\"}")]
    [InlineData("{\"visible\": [1.5]}")]
    [InlineData("{\"visible\": [99999999999999999999]}")]
    [InlineData("{\"visible\": null}")]
    [InlineData("")]
    public async Task Events_Garbage_IsPassedOver(string garbage)
    {
        using var pictures = new SamplePictures();
        pictures.Jpeg("a.jpg", 40, 30);
        await using var server = await RunningServer.StartAsync();
        var library = await server.PausedLibraryAsync(pictures.Folder);
        var id = await server.IdOfAsync(library, "a.jpg");
        using var events = await server.ConnectAsync($"/ws/events?library={library}");

        await events.SendAsync(garbage);
        await events.SendAsync([0xff, 0xfe, 0], WebSocketMessageType.Binary);
        await ReportAsync(events, id);
        await server.PostAsync($"/api/libraries/{library}/resume");

        await events.ReadUntilAsync(message => Assets(message).Any(asset => asset.GetProperty("status").GetString() == "ready"));
    }

    [Fact]
    public async Task Events_MessageWithoutEnd_EndsTheSocketOnly()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(folder.Path);
        using var events = await server.ConnectAsync($"/ws/events?library={library}");

        var ended = await Record.ExceptionAsync(async () =>
        {
            for (var i = 0; i < 100; i++)
                await events.SendAsync(new byte[4096], WebSocketMessageType.Text, endOfMessage: false);
            while (await events.ReadOrNullAsync() is not null)
                continue;
        });

        Assert.True(ended is WebSocketException || events.State != WebSocketState.Open, $"{ended}");
        await server.GetAsync("/api/health");
        using var another = await server.ConnectAsync($"/ws/events?library={library}");
        Assert.Equal(WebSocketState.Open, another.State);
    }

    private static string Report(params long[] visible) => JsonSerializer.Serialize(new { visible });

    /// <summary>Says what is seen, and waits until it counts: then the server tells how that stands.</summary>
    private static async Task ReportAsync(SocketClient events, params long[] visible)
    {
        await events.SendAsync(Report(visible));
        await events.ReadUntilAsync(message => Assets(message).Select(asset => asset.GetProperty("id").GetInt64()).Order().SequenceEqual(visible.Order()));
    }

    private static IEnumerable<JsonElement> Assets(JsonElement message) => Parts(message, "assets");

    private static IEnumerable<JsonElement> Parts(JsonElement message, string name) =>
        message.TryGetProperty(name, out var parts) ? parts.EnumerateArray() : [];
}
