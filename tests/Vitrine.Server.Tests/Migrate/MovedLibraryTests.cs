using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Vitrine.Server.Tests.Faults;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Migrate;

/// <summary>A library that the real program made of real files, moved, and served from PostgreSQL: people see what they saw before.</summary>
public sealed partial class MovedLibraryTests : MigrateTest
{
    [Fact]
    public async Task Migrate_RealLibrary_IsServedAsBeforeAndAScanFindsNothingToDo()
    {
        using var pictures = new SamplePictures();
        await MakeAsync(pictures);
        try
        {
            await MoveAndCompareAsync(pictures);
        }
        finally
        {
            await Shell.RunAsync(@"rm ""$1""/not*", pictures.Folder); // .NET cannot name what is not UTF-8
        }
    }

    [Fact]
    public async Task Migrate_WithoutDerived_ThumbnailsAreMadeAgain()
    {
        using var pictures = new SamplePictures();
        pictures.Jpeg("a.jpg", 300, 200);
        await using (var embedded = await VitrineProcess.StartAsync(Data))
        {
            await embedded.FinishedAsync(await embedded.AddAsync(pictures.Folder));
            Assert.Equal(0, await embedded.TerminateAsync());
        }

        var id = (await MigratedAsync()).GetProperty("libraries")[0].GetProperty("library_id").GetString();
        using var own = new TemporaryFolder("vitrine-data-");
        await using var server = await VitrineProcess.StartSharedAsync(own.Path, Connection);
        var asset = (await server.GetAsync($"/api/libraries/{id}/assets")).GetProperty("items")[0];

        var thumbnail = await server.Http.GetAsync(asset.GetProperty("thumbnail_url").GetString(), Cancelled);

        Assert.Equal(HttpStatusCode.OK, thumbnail.StatusCode);
        Assert.Equal("image/webp", thumbnail.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Migrate_ServerAndWorkOnTheTarget_TheLibraryAppearsAndItsRestIsWorkedOn()
    {
        using var pictures = new SamplePictures();
        for (var i = 0; i < 6; i++)
            pictures.Jpeg($"{i}.jpg", 300, 200, seed: i);
        await using (var embedded = await VitrineProcess.StartAsync(Data, faults: "hang:3.jpg"))
        {
            var id = await embedded.AddAsync(pictures.Folder);
            await embedded.FollowAsync(id, progress => progress.GetProperty("pending").GetInt32() < 6);
            await embedded.KillAsync(); // with claims that nobody gives back
        }

        using var own = new TemporaryFolder("vitrine-data-");
        await using var server = await VitrineProcess.StartSharedAsync(own.Path, Connection);

        var moved = (await MigratedAsync()).GetProperty("libraries")[0].GetProperty("library_id").GetString()!;

        await UntilAsync("SELECT COUNT(*) FROM assets WHERE status = 3 AND claim_owner IS NULL", ready => ready == 6);
        await server.KnowsAsync(moved);
        var final = await server.FinishedAsync(moved);
        Assert.Equal(6, final.GetProperty("ready").GetInt32());
    }

    private async Task MoveAndCompareAsync(SamplePictures pictures)
    {
        IReadOnlyList<string> before;
        await using (var embedded = await VitrineProcess.StartAsync(Data))
        {
            var id = await embedded.AddAsync(pictures.Folder);
            await embedded.FinishedAsync(id);
            await TagAsync(embedded, id);
            before = await ObserveAsync(embedded, id);
            Assert.Equal(0, await embedded.TerminateAsync());
        }

        using var shared = new TemporaryFolder("vitrine-derived-");
        var moved = await MigratedAsync("--derived", shared.Path);
        var again = await MigratedAsync("--derived", shared.Path);

        Assert.Equal(Thumbnails(Data), Thumbnails(shared.Path));
        Assert.Equal((Thumbnails(Data).Count, 0), (moved.GetProperty("derived").GetProperty("copied").GetInt32(), moved.GetProperty("derived").GetProperty("missing").GetInt32()));
        Assert.True(again.GetProperty("nothing_left").GetBoolean());
        Assert.Equal(Thumbnails(Data).Count, again.GetProperty("derived").GetProperty("present").GetInt32());
        using var own = new TemporaryFolder("vitrine-data-");
        var newId = moved.GetProperty("libraries")[0].GetProperty("library_id").GetString()!;
        await using (var server = await VitrineProcess.StartSharedAsync(own.Path, Connection, "--derived", shared.Path))
        {
            Assert.Equal(before, await ObserveAsync(server, newId));
            var asset = (await server.GetAsync($"/api/libraries/{newId}/assets?q=status:ready")).GetProperty("items")[0];
            var thumbnail = await server.Http.GetAsync(asset.GetProperty("thumbnail_url").GetString(), Cancelled);
            Assert.Equal("image/webp", thumbnail.Content.Headers.ContentType?.MediaType);
            var (assets, versions) = (await QueryAsync("SELECT COUNT(*) FROM assets"), await QueryAsync("SELECT SUM(claims) FROM assets"));

            await server.Http.PostAsync($"/api/libraries/{newId}/scan", null, Cancelled);
            await server.FinishedAsync(newId);

            Assert.Equal((assets, versions), (await QueryAsync("SELECT COUNT(*) FROM assets"), await QueryAsync("SELECT SUM(claims) FROM assets")));
            Assert.Equal(before, await ObserveAsync(server, newId));
            Assert.Equal(0, await server.TerminateAsync());
        }

        Assert.False(Directory.Exists(Path.Join(own.Path, "thumbnails")));
    }

    /// <summary>All that the screen shows of a library, without ids and without what a start says of itself.</summary>
    private static async Task<IReadOnlyList<string>> ObserveAsync(VitrineProcess server, string library)
    {
        var seen = new List<string>();
        foreach (var query in (string[])["", "?sort=path&order=desc", "?sort=captured", "?q=status:failed", "?q=tag:night", "?q=new"])
            seen.Add(await ReadAsync(server, $"/api/libraries/{library}/assets{query}"));
        var assets = (await server.GetAsync($"/api/libraries/{library}/assets?sort=path")).GetProperty("items").EnumerateArray().ToList();
        await server.GetAsync($"/api/assets/{assets.First(IsReady).GetProperty("id")}/similar"); // a first question may be answered before all vectors are in memory
        await Patience.UntilAsync(async () => HasVectors(await server.GetAsync("/api/ready")));
        foreach (var asset in assets)
        {
            var id = asset.GetProperty("id").GetInt64();
            seen.Add(await ReadAsync(server, $"/api/assets/{id}"));
            seen.Add(await ReadAsync(server, $"/api/assets/{id}/tags"));
            if (IsReady(asset))
                seen.Add(await ReadAsync(server, $"/api/assets/{id}/similar"));
        }

        static bool IsReady(System.Text.Json.JsonElement asset) => asset.GetProperty("status").GetString() == "ready";

        static bool HasVectors(System.Text.Json.JsonElement ready) => ready.GetProperty("features").EnumerateArray()
            .Single(feature => feature.GetProperty("name").GetString() == "similarity").GetProperty("state").GetString() == "ready";

        seen.Add(await ReadAsync(server, "/api/tags?q="));
        seen.Add(await ReadAsync(server, $"/api/failures?library={library}"));
        var progress = await server.GetAsync($"/api/progress/{library}");
        seen.Add(string.Join(' ', ((string[])["status", "phase", "total", "pending", "indexed", "embedding", "ready", "failed"]).Select(name => $"{name} {progress.GetProperty(name)}")));
        return seen;
    }

    private static async Task<string> ReadAsync(VitrineProcess server, string path) =>
        Ids().Replace((await server.GetAsync(path)).GetRawText(), "$1…");

    private static async Task TagAsync(VitrineProcess server, string library)
    {
        foreach (var asset in (await server.GetAsync($"/api/libraries/{library}/assets?sort=path&limit=3")).GetProperty("items").EnumerateArray())
        {
            var answer = await server.Http.PostAsync(
                $"/api/assets/{asset.GetProperty("id").GetInt64()}/tags", JsonContent.Create(new { names = (string[])["Night", "quo\"te's 🐢"] }), Cancelled);
            Assert.True(answer.IsSuccessStatusCode);
        }
    }

    private static async Task MakeAsync(SamplePictures pictures)
    {
        Directory.CreateDirectory(pictures.PathOf("deep/er"));
        for (var i = 0; i < 8; i++)
            pictures.Jpeg(i % 2 == 0 ? $"{i}.jpg" : $"deep/er/{i}.jpg", 300, 200, seed: i);
        pictures.Png("new\nline 'quoted' \"twice\" 🐢.png", 120, 80, seed: 20);
        pictures.Jpeg("back\\slash %2e; $(x).jpg", 120, 80, seed: 21);
        pictures.Text("broken.jpg", "this is no picture");
        pictures.Text("empty.png", "");
        await Shell.RunAsync(@"cd ""$1"" && cp 0.jpg $'not\xff utf8.jpg' && cp 0.jpg 'same as 0.jpg'", pictures.Folder);
        File.WriteAllText(
            pictures.PathOf("2.jpg.xmp"),
            """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>Beach</rdf:li><rdf:li>night</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>""");
    }

    private static List<string> Thumbnails(string folder) =>
        [.. Directory.EnumerateFiles(Path.Join(folder, "thumbnails"), "*.webp", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    /// <summary>Ids, in numbers of their own and in paths.</summary>
    [GeneratedRegex("""("(?:id|library_id|asset_id)": ?"?|/api/assets/)\d+""")]
    private static partial Regex Ids();
}
