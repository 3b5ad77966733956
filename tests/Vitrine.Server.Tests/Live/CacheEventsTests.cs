using System.Text.Json;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Server.Tests.Live;

public sealed class CacheEventsTests
{
    [Fact]
    public async Task Events_OrderOnScreenChanged_NameItAfterItWasSwapped()
    {
        using var pictures = new SamplePictures();
        foreach (var (name, width) in new[] { ("a", 60), ("b", 40), ("c", 50) })
            pictures.Jpeg($"{name}.jpg", width, 30);
        await using var server = await RunningServer.StartAsync();
        var library = await server.PausedLibraryAsync(pictures.Folder);
        Assert.Equal(["a.jpg", "b.jpg", "c.jpg"], await NamesAsync(server, library)); // no width is known yet
        using var events = await server.ConnectAsync($"/ws/events?library={library}");

        await server.PostAsync($"/api/libraries/{library}/resume");
        var names = new List<string>();
        // As the screen does: the window is fetched again each time its order is named, and at last it is right.
        while (!names.SequenceEqual(["b.jpg", "c.jpg", "a.jpg"]))
        {
            await events.ReadUntilAsync(message => Caches(message).Contains($"browse {library} width"));
            names = await NamesAsync(server, library);
        }

        var statistics = (await server.GetAsync("/api/stats")).GetProperty("caches").EnumerateArray()
            .Single(cache => cache.GetProperty("name").GetString() == $"browse {library} width");
        Assert.Equal(3, statistics.GetProperty("size").GetInt64());
        Assert.True(statistics.GetProperty("generation").GetInt64() > 1);
        Assert.Equal(1, statistics.GetProperty("misses").GetInt64());
        Assert.True(statistics.GetProperty("hits").GetInt64() > 0);
        Assert.Equal(JsonValueKind.String, statistics.GetProperty("last_rebuild_at").ValueKind);
    }

    [Fact]
    public async Task Events_AnotherLibrarysCache_IsNotTold()
    {
        using var pictures = new SamplePictures();
        using var others = new SamplePictures();
        pictures.Jpeg("a.jpg", 60, 40);
        others.Jpeg("b.jpg", 60, 40);
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(pictures.Folder);
        using var events = await server.ConnectAsync($"/ws/events?library={library}");
        var other = await server.ImportAsync(others.Folder);
        await server.GetAsync($"/api/libraries/{other}/assets?sort=size");
        await server.GetAsync($"/api/libraries/{library}/assets?sort=size");

        var messages = await events.ReadUntilAsync(message => Caches(message).Contains($"browse {library} size"));

        Assert.DoesNotContain(messages.SelectMany(Caches), name => name.StartsWith($"browse {other} ", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Caches(JsonElement message) =>
        message.TryGetProperty("caches", out var caches) ? caches.EnumerateArray().Select(cache => cache.GetProperty("name").GetString()!) : [];

    private static async Task<List<string>> NamesAsync(RunningServer server, string library) =>
        [.. (await server.GetAsync($"/api/libraries/{library}/assets?sort=width")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];
}
