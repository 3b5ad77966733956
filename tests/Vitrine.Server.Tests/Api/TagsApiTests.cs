using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Server.Tests.Api;

public sealed class TagsApiTests
{
    private static readonly string[] s_one = ["x"], s_oneEmpty = ["good", "  "];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tags_OfAnAsset_AreAddedRemovedCountedAndAnnounced()
    {
        using var pictures = new SamplePictures();
        pictures.Jpeg("a.jpg", 60, 40);
        pictures.Jpeg("b.jpg", 60, 40, seed: 2);
        File.WriteAllText(Path.Join(pictures.Folder, "b.xmp"), Keywords("Beach", "New York"));
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(pictures.Folder);
        var (a, b) = (await server.IdOfAsync(library, "a.jpg"), await server.IdOfAsync(library, "b.jpg"));
        using var events = await server.ConnectAsync($"/ws/events?library={library}");

        Assert.Equal(["Beach [file]", "New York [file]"], Names(await server.GetAsync($"/api/assets/{b}/tags")));
        Assert.Equal(["beach [user]", "dog [user]"], (await AddAsync(server, a, "beach", " dog ")).Select(name => name.Replace("Beach", "beach", StringComparison.Ordinal)));
        Assert.Equal(["Beach [user]"], Names(await RunningServer.ReadAsync(await server.Http.DeleteAsync($"/api/assets/{a}/tags?name=dog", Token), HttpStatusCode.OK)));

        var told = await events.ReadUntilAsync(message => Told(message).Contains("dog"));
        Assert.Contains("Beach", told.SelectMany(Told));
        var all = await server.GetAsync("/api/tags");
        Assert.Equal(["Beach 2", "New York 1"], Counts(all));
        Assert.Equal(2, all.GetProperty("total").GetInt64());
        Assert.Equal(["New York 1"], Counts(await server.GetAsync("/api/tags?q=new y&limit=5")));
        Assert.Equal([b], (await server.GetAsync($"/api/libraries/{library}/assets?q=tag:\"new york\"")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()));
    }

    [Fact]
    public async Task Tags_WrongRequests_AreProblemsThatSayWhy()
    {
        await using var server = await RunningServer.StartAsync();
        await Contract.AssertProblemAsync(await server.Http.GetAsync("/api/tags?limit=0", Token), HttpStatusCode.BadRequest);
        await Contract.AssertProblemAsync(await server.Http.GetAsync("/api/assets/9/tags", Token), HttpStatusCode.NotFound);
        await Contract.AssertProblemAsync(await server.Http.DeleteAsync("/api/assets/9/tags?name=x", Token), HttpStatusCode.NotFound);
        await Contract.AssertProblemAsync(await server.Http.PostAsJsonAsync("/api/assets/9/tags", new { names = s_one }, Token), HttpStatusCode.NotFound);
        await Contract.AssertProblemAsync(await server.Http.PostAsJsonAsync("/api/assets/9/tags", new { names = Array.Empty<string>() }, Token), HttpStatusCode.BadRequest);
        Assert.Contains("200", await Contract.AssertProblemAsync(
            await server.Http.PostAsJsonAsync("/api/assets/9/tags", new { names = s_oneEmpty }, Token), HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    private static string Keywords(params string[] keywords) =>
        $"""
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
         xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag>{string.Concat(keywords.Select(keyword => $"<rdf:li>{keyword}</rdf:li>"))}</rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>
        """;

    private static async Task<string[]> AddAsync(RunningServer server, long id, params string[] names) =>
        Names(await server.PostAsync($"/api/assets/{id}/tags", new { names }, HttpStatusCode.OK));

    private static string[] Names(JsonElement answer) =>
        [.. answer.GetProperty("items").EnumerateArray().Select(tag => $"{tag.GetProperty("name").GetString()} [{string.Join(' ', tag.GetProperty("sources").EnumerateArray().Select(source => source.GetString()))}]")];

    private static string[] Counts(JsonElement answer) =>
        [.. answer.GetProperty("items").EnumerateArray().Select(tag => $"{tag.GetProperty("name").GetString()} {tag.GetProperty("assets").GetInt64()}")];

    private static IEnumerable<string> Told(JsonElement message) =>
        message.TryGetProperty("tags", out var tags) ? tags.EnumerateArray().Select(tag => tag.GetString()!) : [];
}
