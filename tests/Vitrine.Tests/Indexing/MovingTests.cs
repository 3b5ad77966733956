using Vitrine.Caching;
using Vitrine.Embeddings;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tags;
using Vitrine.Tests.Images;
using Vitrine.Tests.Images.Metadata;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Indexing;

/// <summary>Files and folders that are moved or renamed between two scans keep what is known of them.</summary>
[Collection(nameof(ProcessTests))]
public sealed class MovingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SamplePictures _pictures = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _pictures.Dispose();
    }

    [Fact]
    public async Task Move_ReadyPicture_KeepsIdVectorAndThumbnail()
    {
        Picture("a/one.jpg", seed: 1);
        Picture("a/two.jpg", seed: 2);
        using var data = new TemporaryFolder("vitrine-data-");
        Library library;
        Dictionary<string, Asset> before;
        float[]? vector;
        await using (var engine = await Engine.StartAsync(data.Path))
        {
            library = await engine.ImportAsync(_folder.Path);
            before = engine.Assets(library);
            vector = engine.Get<EmbeddingStore>().FindOrNull(before["a/one.jpg"].Id);
        }

        // Nothing decodes from here on: what is known after the move is what was known before it.
        await using var still = new Engine(data.Path, stages: WorkedStages.None);
        await still.StartAsync();
        var thumbnail = still.ThumbnailPath(before["a/one.jpg"].Sha256!);
        var made = File.GetLastWriteTimeUtc(thumbnail);
        Move("a/one.jpg", "b/deep/other name.png"); // another folder, name and extension at once
        await still.RescanAsync(library);

        var after = still.Assets(library);
        Assert.Equal(["a/two.jpg", "b/deep/other name.png"], still.Paths(library));
        var moved = after["b/deep/other name.png"];
        Assert.Equal(before["a/one.jpg"] with { Path = moved.Path, ChangedAt = moved.ChangedAt }, moved with { Sha256 = before["a/one.jpg"].Sha256 });
        Assert.Equal(before["a/one.jpg"].Sha256, moved.Sha256);
        Assert.Equal(vector, still.Get<EmbeddingStore>().FindOrNull(moved.Id));
        Assert.Equal(made, File.GetLastWriteTimeUtc(thumbnail));
        Assert.Equal("0 added, 0 changed, 1 moved, 0 removed, 0 skipped", (await still.ScannedAsync(library)).Message);
        still.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Move_TaggedPicture_KeepsItsOwnTagsAndThoseOfAPerson()
    {
        Picture("a/one.jpg", seed: 1);
        WriteKeyword("a/one.jpg", "Beach");
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_folder.Path);
        var id = engine.Assets(library)["a/one.jpg"].Id;
        var tags = engine.Get<TagStore>();
        await tags.AddAsync(id, ["Dog", "beach"], Cancelled);
        var before = Told(tags.OfAsset(id));
        var thumbnail = engine.ThumbnailPath(engine.Assets(library)["a/one.jpg"].Sha256!);
        var vector = engine.Get<EmbeddingStore>().FindOrNull(id);
        Assert.Equal(["Beach (User, File)", "Dog (User)"], before);

        Move("a/one.jpg", "b/two.jpg");
        await engine.RescanAsync(library);
        Assert.Equal((id, "b/two.jpg"), OnlyOne());
        Assert.Equal(before, Told(tags.OfAsset(id)));
        Directory.Move(_folder.Of("b"), _folder.Of("c"));
        await engine.RescanAsync(library);

        Assert.Equal((id, "c/two.jpg"), OnlyOne());
        Assert.Equal(before, Told(tags.OfAsset(id)));
        Assert.Equal(vector, engine.Get<EmbeddingStore>().FindOrNull(id));
        Assert.True(File.Exists(thumbnail));
        Assert.Equal(
            ["Beach 1", "Dog 1"],
            engine.Database.Read(connection => connection.Query(
                "SELECT t.name, COUNT(DISTINCT x.asset_id) FROM asset_tags x JOIN tags t ON t.id = x.tag_id GROUP BY t.id ORDER BY t.name",
                row => $"{row.GetString(0)} {row.GetInt64(1)}")));
        engine.AssertCountersAreTrue();

        (long, string) OnlyOne() => Assert.Single(engine.Assets(library)).Value is var asset ? (asset.Id, asset.Path) : default;

        static string[] Told(IReadOnlyList<AssetTag> tags) => [.. tags.Select(tag => $"{tag.Name} ({string.Join(", ", tag.Sources)})")];
    }

    [Fact]
    public async Task Move_WholeFolder_KeepsEveryId()
    {
        for (var i = 0; i < 12; i++)
            Picture($"trip/day {i % 3}/{i}.jpg", seed: i);
        Picture("here.jpg", seed: 99);
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_folder.Path);
        var before = engine.Assets(library);

        Directory.CreateDirectory(_folder.Of("archive"));
        Directory.Move(_folder.Of("trip"), _folder.Of("archive", "trip 2024"));
        await engine.RescanAsync(library);

        var after = engine.Assets(library);
        Assert.Equal(before.Count, after.Count);
        foreach (var (path, asset) in before)
            Assert.Equal(asset.Id, after[path.Replace("trip/", "archive/trip 2024/", StringComparison.Ordinal)].Id);
        Assert.Equal(0, engine.Get<LibraryStore>().FindOrNull(library.Id)!.Missing);
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Move_FileThatWasNeverRead_IsKnownByNameSizeAndTime()
    {
        _folder.File("a/one.jpg");
        await using var engine = new Engine(); // no stage runs
        var library = await engine.AddAsync(_folder.Path);
        await engine.ScannedAsync(library);
        var id = engine.Assets(library)["a/one.jpg"].Id;

        Move("a/one.jpg", "b/one.jpg");
        await engine.ScanAsync(library);
        await engine.ScannedAsync(library);

        Assert.Equal(id, engine.Assets(library)["b/one.jpg"].Id);
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Move_OtherContentOfTheSameSizeAndTime_IsANewAsset()
    {
        var time = new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(_folder.File("a/one.stl", "solid a\nendsolid a\n"), time);
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_folder.Path);
        var before = engine.Assets(library)["a/one.stl"];
        Assert.NotNull(before.Sha256);

        File.Delete(_folder.Of("a/one.stl"));
        File.SetLastWriteTimeUtc(_folder.File("b/one.stl", "solid b\nendsolid b\n"), time);
        await engine.RescanAsync(library);

        var after = Assert.Single(engine.Assets(library)).Value;
        Assert.Equal(("b/one.stl", before.Size, before.ModifiedAt), (after.Path, after.Size, after.ModifiedAt));
        Assert.NotEqual(before.Id, after.Id);
    }

    [Fact]
    public async Task Copy_OfAFile_IsASecondAssetWithTheSameContent()
    {
        Picture("one.jpg", seed: 1);
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_folder.Path);
        var first = engine.Assets(library)["one.jpg"];

        File.Copy(_folder.Of("one.jpg"), _folder.Of("copy.jpg"));
        File.SetLastWriteTimeUtc(_folder.Of("copy.jpg"), first.ModifiedAt.UtcDateTime);
        await engine.RescanAsync(library);
        var both = engine.Assets(library);
        Assert.Equal(first.Id, both["one.jpg"].Id);
        Assert.NotEqual(first.Id, both["copy.jpg"].Id);
        Assert.Equal(first.Sha256, both["copy.jpg"].Sha256);

        File.Delete(_folder.Of("one.jpg"));
        await engine.RescanAsync(library);
        Assert.Equal(both["copy.jpg"].Id, Assert.Single(engine.Assets(library)).Value.Id); // the copy came before: it is no move
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Move_EqualFiles_StayWithTheirNames()
    {
        var time = new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc);
        foreach (var name in new[] { "a", "b", "c" })
            File.SetLastWriteTimeUtc(_folder.File($"from/{name}.stl", "solid\nendsolid\n"), time);
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_folder.Path);
        var before = engine.Assets(library);

        Move("from/c.stl", "to/c.stl");
        Move("from/a.stl", "to/a.stl");
        Move("from/b.stl", "to/renamed.stl");
        await engine.RescanAsync(library);

        var after = engine.Assets(library);
        Assert.Equal(
            [before["from/a.stl"].Id, before["from/b.stl"].Id, before["from/c.stl"].Id],
            [after["to/a.stl"].Id, after["to/renamed.stl"].Id, after["to/c.stl"].Id]);
    }

    [Fact]
    public async Task Move_FoundByAScanThatWasCancelled_IsSettledByTheNext()
    {
        for (var i = 0; i < 1200; i++)
            _folder.File($"{i % 3}/{i:d4}.jpg", "");
        await using var engine = new Engine();
        var library = await engine.AddAsync(_folder.Path);
        await engine.ScannedAsync(library);
        var before = engine.Assets(library);

        Directory.Move(_folder.Of("0"), _folder.Of("9"));
        using (engine.Get<Announcements>().Subscribe(announcement =>
        {
            if (announcement is Announcement.AssetsAdded added)
                _ = engine.Get<NamedJobs>().CancelAsync(LibraryScans.JobName(added.LibraryId), Cancelled);
        }))
        {
            await engine.ScanAsync(library);
            Assert.Equal(JobStatus.Cancelled, (await engine.ScannedAsync(library)).Status);
        }

        await engine.ScanAsync(library);
        await engine.ScannedAsync(library);

        var after = engine.Assets(library);
        Assert.Equal(before.Values.Select(asset => asset.Id).Order(), after.Values.Select(asset => asset.Id).Order());
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Move_IsAnnouncedAsChangeOfTheKnownAssetAndRemovalOfTheNewRow()
    {
        _folder.File("a/one.jpg");
        await using var engine = new Engine();
        var library = await engine.AddAsync(_folder.Path);
        await engine.ScannedAsync(library);
        var id = engine.Assets(library)["a/one.jpg"].Id;
        var heard = new List<Announcement>();
        using var listening = engine.Get<Announcements>().Subscribe(heard.Add);

        Move("a/one.jpg", "b/one.jpg");
        await engine.ScanAsync(library);
        await engine.ScannedAsync(library);

        var added = Assert.Single(heard.OfType<Announcement.AssetsAdded>()).AssetIds;
        Assert.Equal(added, Assert.Single(heard.OfType<Announcement.AssetsRemoved>()).AssetIds);
        Assert.Equal([id], Assert.Single(heard.OfType<Announcement.AssetsChanged>()).AssetIds);
        Assert.Equal([id], engine.Get<BrowseIndex>().Page(library.Id, AssetSort.Added, descending: false, null, 0, 10).Ids);
    }

    [Fact]
    public async Task Move_FileThatFailedBecauseItWasGone_IsTriedAgain()
    {
        Picture("a/one.jpg", seed: 1);
        await using var engine = new Engine();
        var library = await engine.AddAsync(_folder.Path);
        await engine.ScannedAsync(library);
        var id = engine.Assets(library)["a/one.jpg"].Id;
        Move("a/one.jpg", "b/one.jpg");
        await engine.StartAsync();
        await engine.FinishedAsync(library.Id);
        Assert.Equal(AssetStatus.Failed, engine.Assets(library)["a/one.jpg"].Status);

        await engine.RescanAsync(library);

        var after = Assert.Single(engine.Assets(library)).Value;
        Assert.Equal((id, "b/one.jpg", AssetStatus.Ready, (FailureReason?)null), (after.Id, after.Path, after.Status, after.Failure));
        engine.AssertCountersAreTrue();
    }

    private void Picture(string path, int seed)
    {
        var made = _pictures.Jpeg($"{seed}.jpg", 60, 40, seed);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Of(path))!);
        File.Move(made, _folder.Of(path));
    }

    /// <summary>Puts an XMP segment with one keyword right behind the start of a JPEG.</summary>
    private void WriteKeyword(string path, string keyword)
    {
        var packet = $"""
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
              xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>{keyword}</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>
            """;
        var jpeg = File.ReadAllBytes(_folder.Of(path));
        File.WriteAllBytes(_folder.Of(path), [.. jpeg[..2], .. PictureFiles.XmpSegment(packet), .. jpeg[2..]]);
    }

    private void Move(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Of(to))!);
        File.Move(_folder.Of(from), _folder.Of(to));
    }
}
