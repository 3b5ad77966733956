using Vitrine.Embeddings;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Tests.Indexing;

/// <summary>A picture's sidecar is part of it; a content that stays the same keeps its vector.</summary>
[Collection(nameof(ProcessTests))]
public sealed class SidecarScanTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Theory]
    [InlineData("a.xmp")]
    [InlineData("a.jpg.xmp")]
    public async Task Rescan_SidecarComesChangesAndGoes_ReadsThePictureAgain(string sidecar)
    {
        _pictures.Jpeg("a.jpg", 60, 40, seed: 1);
        _pictures.Jpeg("b.jpg", 60, 40, seed: 2);
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_pictures.Folder);
        var before = engine.Assets(library)["a.jpg"];
        var vector = engine.Get<EmbeddingStore>().FindOrNull(before.Id);

        foreach (var title in new[] { "First", "Second", null })
        {
            Write(sidecar, title);
            await engine.RescanAsync(library);

            Assert.Equal("0 added, 1 changed, 0 moved, 0 removed, 0 skipped", (await engine.ScannedAsync(library)).Message);
            Assert.Equal(title, engine.Get<Vitrine.Images.PictureDetailsStore>().FindOrNull(before.Id)!.Metadata?.Title);
            var now = engine.Assets(library)["a.jpg"];
            Assert.Equal((AssetStatus.Ready, before.Id), (now.Status, now.Id));
            Assert.Equal(vector, engine.Get<EmbeddingStore>().FindOrNull(now.Id));
        }

        await engine.RescanAsync(library);
        Assert.Equal("0 added, 0 changed, 0 moved, 0 removed, 0 skipped", (await engine.ScannedAsync(library)).Message);
        engine.AssertCountersAreTrue();
    }

    /// <summary>Archives and some network drives give files no time: it is a time all the same.</summary>
    [Fact]
    public async Task Rescan_SidecarOfTheYear1970_IsReadWhenItComesAndMissedWhenItGoes()
    {
        _pictures.Jpeg("had.jpg", 60, 40, seed: 1);
        _pictures.Jpeg("gets.jpg", 60, 40, seed: 2);
        Write("had.xmp", "From the start", DateTime.UnixEpoch);
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_pictures.Folder);
        string? TitleOf(string name) => engine.Get<Vitrine.Images.PictureDetailsStore>().FindOrNull(engine.Assets(library)[name].Id)!.Metadata?.Title;
        Assert.Equal(("From the start", null), (TitleOf("had.jpg"), TitleOf("gets.jpg")));

        Write("gets.xmp", "Later", DateTime.UnixEpoch);
        await engine.RescanAsync(library);
        Assert.Equal(("From the start", "Later"), (TitleOf("had.jpg"), TitleOf("gets.jpg")));

        Write("had.xmp", null);
        await engine.RescanAsync(library);
        Assert.Equal((null, "Later"), (TitleOf("had.jpg"), TitleOf("gets.jpg")));
    }

    [Fact]
    public async Task Rescan_SidecarEditedWithoutAnotherSizeOrTime_ReadsThePictureAgain()
    {
        var (path, modified) = (Path.Join(_pictures.Folder, "a.xmp"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        _pictures.Jpeg("a.jpg", 60, 40, seed: 1);
        Write("a.xmp", "First", modified);
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_pictures.Folder);
        string? Title() => engine.Get<Vitrine.Images.PictureDetailsStore>().FindOrNull(engine.Assets(library)["a.jpg"].Id)!.Metadata?.Title;
        Assert.Equal("First", Title());
        var before = FileFacts.OfOrNull(path)!.Value.ChangedAt;

        do // until the clock of the file system has gone on
            Write("a.xmp", "Other", modified);
        while (FileFacts.OfOrNull(path)!.Value.ChangedAt == before);
        await engine.RescanAsync(library);

        Assert.Equal("Other", Title());
    }

    [Fact]
    public async Task Rescan_PictureMovedWithItsSidecar_StaysReady()
    {
        _pictures.Jpeg("a.jpg", 60, 40, seed: 1);
        Write("a.xmp", "Title");
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_pictures.Folder);
        var before = engine.Assets(library)["a.jpg"];
        Directory.CreateDirectory(Path.Join(_pictures.Folder, "sub"));
        foreach (var name in new[] { "a.jpg", "a.xmp" })
            File.Move(Path.Join(_pictures.Folder, name), Path.Join(_pictures.Folder, "sub", name));

        await engine.ScanAsync(library);
        Assert.Equal("0 added, 0 changed, 1 moved, 0 removed, 0 skipped", (await engine.ScannedAsync(library)).Message);

        var after = engine.Assets(library)["sub/a.jpg"];
        Assert.Equal((before.Id, AssetStatus.Ready), (after.Id, after.Status));
    }

    [Fact]
    public async Task Rescan_FileOnlyTouched_KeepsItsVectorAndIsNotEmbeddedAgain()
    {
        var file = _pictures.Jpeg("a.jpg", 60, 40, seed: 1);
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_pictures.Folder);
        var id = engine.Assets(library)["a.jpg"].Id;
        var seen = new System.Collections.Concurrent.ConcurrentQueue<AssetStatus>();
        using var listening = engine.Get<Vitrine.Caching.Announcements>().Subscribe(announcement =>
        {
            if (announcement is Vitrine.Caching.Announcement.AssetsChanged changed && changed.AssetIds.Contains(id))
                seen.Enqueue(engine.Get<AssetStore>().FindOrNull(id)!.Status);
        });

        File.SetLastWriteTimeUtc(file, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await engine.RescanAsync(library);

        Assert.Equal(AssetStatus.Ready, engine.Assets(library)["a.jpg"].Status);
        Assert.DoesNotContain(AssetStatus.Indexed, seen);
        Assert.DoesNotContain(AssetStatus.Embedding, seen);
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Rescan_OtherContent_IsEmbeddedAnew()
    {
        var file = _pictures.Jpeg("a.jpg", 60, 40, seed: 1);
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_pictures.Folder);
        var before = engine.Assets(library)["a.jpg"];
        var vector = engine.Get<EmbeddingStore>().FindOrNull(before.Id);

        File.Move(_pictures.Jpeg("other.jpg", 300, 20, seed: 77), file, overwrite: true);
        await engine.RescanAsync(library);

        var after = engine.Assets(library)["a.jpg"];
        Assert.Equal((before.Id, AssetStatus.Ready), (after.Id, after.Status));
        Assert.NotEqual(before.Sha256, after.Sha256);
        Assert.NotEqual(vector, engine.Get<EmbeddingStore>().FindOrNull(after.Id));
    }

    private void Write(string name, string? title, DateTime? modified = null)
    {
        var path = Path.Join(_pictures.Folder, name);
        if (title is null)
            File.Delete(path);
        else
            File.WriteAllText(
                path,
                $"""
                <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
                  xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>
                """);
        if (modified is { } time)
            File.SetLastWriteTimeUtc(path, time);
    }
}
