using Vitrine.Caching;
using Vitrine.Decoding;
using Vitrine.Embeddings;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Images;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Indexing;

/// <summary>The three phases together: their order, what interrupts them, and what they leave.</summary>
[Collection(nameof(ProcessTests))]
public sealed class IndexingTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public async Task Import_Pictures_EndReadyWithEverythingKnown()
    {
        for (var i = 0; i < 30; i++)
            _pictures.Jpeg($"{i}.jpg", 60 + i, 40, seed: i);
        _pictures.Text("model.stl", "solid nothing\nendsolid nothing\n");
        await using var engine = await Engine.StartAsync();

        var library = await engine.ImportAsync(_pictures.Folder);

        var assets = engine.Assets(library);
        Assert.All(assets.Values, asset => Assert.Equal(AssetStatus.Ready, asset.Status));
        Assert.All(assets.Values, asset => Assert.Equal(32, asset.Sha256!.Length));
        Assert.Equal(30, assets.Values.Count(asset => asset is { HasThumbnail: true, Colour: not null, Width: > 0 }));
        Assert.Equal(30, engine.Database.Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM embeddings")));
        engine.AssertCountersAreTrue();
        Assert.Empty(engine.Log.Errors);
    }

    [Fact]
    public async Task Import_Progress_IsMonotonicAndItsLastMessageEqualsTheDatabase()
    {
        for (var i = 0; i < 60; i++)
            _pictures.Jpeg($"{i}.jpg", 40, 30, seed: i);
        _pictures.Text("bad.jpg", "no");
        await using var engine = await Engine.StartAsync();
        var snapshots = new List<ProgressSnapshot>();

        var library = await engine.AddAsync(_pictures.Folder);
        await foreach (var snapshot in engine.Get<ProgressFeed>().FollowAsync(library.Id, Cancelled))
        {
            snapshots.Add(snapshot);
            engine.AssertCountersAreTrue(); // while the work goes on
        }

        Assert.Equal(snapshots.Select(snapshot => snapshot.Version).Order(), snapshots.Select(snapshot => snapshot.Version));
        Assert.Equal(snapshots.Select(snapshot => snapshot.Counts.Settled).Order(), snapshots.Select(snapshot => snapshot.Counts.Settled));
        var last = snapshots[^1];
        Assert.Equal((ProgressStatus.Complete, 60L, 1L), (last.Status, last.Counts.Ready, last.Counts.Failed));
        var row = engine.Database.Read(connection => connection.QueryFirstOrDefault(
            "SELECT pending, indexed, embedding, ready, failed, version FROM progress WHERE id = @id",
            row => (new StatusCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), row.GetInt64(5)),
            ("@id", library.Id)));
        Assert.Equal(row, (last.Counts, last.Version));
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Cancel_AndScanAgain_KeepsTheDecodersThatRun()
    {
        for (var i = 0; i < 20; i++)
            _pictures.Jpeg($"{i}.jpg", 40, 30, seed: i);
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_pictures.Folder);
        var before = engine.Get<DecoderPool>().Statistics;

        await engine.Get<LibraryScans>().CancelAsync(library.Id, Cancelled);
        _pictures.Jpeg("20.jpg", 40, 30, seed: 20);
        await engine.FinishedAsync(await engine.ScanAsync(library));

        var after = engine.Get<DecoderPool>().Statistics;
        Assert.Equal((before.Processes, 0, 0), (after.Processes, after.Restarts, after.Recycled));
        Assert.True(after.Items > before.Items);
    }

    [Fact]
    public async Task Viewport_InTheMiddleOfMany_IsClaimedFirst()
    {
        for (var i = 0; i < 60; i++)
            _pictures.Jpeg($"{i:d3}.jpg", 40, 30, seed: i);
        await using var engine = new Engine();
        var library = await engine.AddAsync(_pictures.Folder);
        await engine.ScannedAsync(library);
        await NoteClaimsAsync(engine);
        var (_, window) = engine.Get<BrowseIndex>().Page(library.Id, AssetSort.Added, descending: false, null, 30, 20);

        engine.Get<VisibleAssets>().Seen(window);
        await engine.StartAsync();
        await engine.FinishedAsync(library.Id);

        Assert.Equal(window.Order(), Claimed(engine).Take(20).Order()); // within one claim they have no order
    }

    [Fact]
    public async Task Viewport_ReportedWhileManyArePending_JumpsTheQueue()
    {
        const int Files = 120;
        for (var i = 0; i < Files; i++)
            _pictures.Jpeg($"{i:d3}.jpg", 40, 30, seed: i);
        await using var engine = new Engine();
        var library = await engine.AddAsync(_pictures.Folder);
        await engine.ScannedAsync(library);
        await NoteClaimsAsync(engine);
        var (_, window) = engine.Get<BrowseIndex>().Page(library.Id, AssetSort.Added, descending: false, null, Files - 10, 10);
        var reportedAt = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = engine.Get<Announcements>().Subscribe(announcement =>
        {
            // On the writer's thread: nothing is claimed between the count and the report.
            if (announcement is not Announcement.AssetsChanged || reportedAt.Task.IsCompleted)
                return;
            var claimed = Claimed(engine).Count;
            engine.Get<VisibleAssets>().Seen(window);
            reportedAt.SetResult(claimed);
        });

        await engine.StartAsync();
        var before = await reportedAt.Task.OrTooLateAsync();
        await engine.FinishedAsync(library.Id);

        // A claim of up to 16 may have been on its way at the report, and now and then it is the turn of one of the oldest; then the window.
        var order = Claimed(engine);
        Assert.All(window, id => Assert.InRange(order.IndexOf(id), before, before + 16 + 1 + window.Length - 1));
        Assert.InRange(before + 16 + 1 + window.Length, 0, Files - 10); // by their place they would have come later
    }

    [Fact]
    public async Task Work_DriveIsPulled_WaitsForItAndFailsNothing()
    {
        for (var i = 0; i < 5; i++)
            _pictures.Jpeg($"{i}.jpg", 40, 30, seed: i);
        var away = $"{_pictures.Folder}.away";
        await using var engine = new Engine(time: new FastTime(20));
        var library = await engine.AddAsync(_pictures.Folder);
        await engine.ScannedAsync(library);

        Directory.Move(_pictures.Folder, away);
        await engine.StartAsync();
        await Patience.UntilAsync(() => engine.Database.Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM assets WHERE claims > 0 AND claim_owner IS NULL AND attempts = 0")) == 5);
        var whileAway = engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!.Counts;
        Directory.Move(away, _pictures.Folder);
        var last = await engine.FinishedAsync(library.Id);

        Assert.Equal((5L, 0L), (whileAway.Pending, whileAway.Failed));
        Assert.Equal((5L, 0L), (last.Counts.Ready, last.Counts.Failed));
    }

    [Fact]
    public async Task Import_DataFolderInsideTheLibrary_TakesNoneOfItsOwnFiles()
    {
        _pictures.Jpeg("a.jpg", 40, 30, seed: 1);
        await using var engine = await Engine.StartAsync(Directory.CreateDirectory(Path.Join(_pictures.Folder, ".data")).FullName);

        var library = await engine.ImportAsync(_pictures.Folder, includeHidden: true);
        await engine.RescanAsync(library);

        Assert.Equal(["a.jpg"], engine.Paths(library));
        Assert.Empty(engine.Skipped(library));
    }

    [Fact]
    public async Task Import_KeywordsOfAnyScript_AreFound()
    {
        _pictures.Jpeg("a.jpg", 40, 30, seed: 1);
        _pictures.Text("a.jpg.xmp", """
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>Übung</rdf:li><rdf:li>富士山</rdf:li></rdf:Bag></dc:subject>
            </rdf:Description></rdf:RDF></x:xmpmeta>
            """);
        await using var engine = await Engine.StartAsync();

        var library = await engine.ImportAsync(_pictures.Folder);

        foreach (var word in (string[])["Übung", "富士"])
            Assert.Equal(1, engine.Get<BrowseIndex>().Page(library.Id, AssetSort.Added, descending: false, word, 0, 10).Total);
    }

    [Fact]
    public async Task Pause_HoldsTheWorkOverARestart_AndResumeGoesOn()
    {
        using var data = new TemporaryFolder();
        for (var i = 0; i < 10; i++)
            _pictures.Jpeg($"{i}.jpg", 40, 30, seed: i);
        Library library;
        await using (var engine = new Engine(data.Path))
        {
            library = await engine.AddAsync(_pictures.Folder);
            await engine.ScannedAsync(library);
            await engine.Libraries.SetPausedAsync(library.Id, paused: true, Cancelled);
        }

        await using (var engine = await Engine.StartAsync(data.Path))
        {
            // Another library gets its work done meanwhile: the loops run, and pass the paused one over.
            using var others = new SamplePictures();
            others.Jpeg("other.jpg", 40, 30);
            await engine.ImportAsync(others.Folder);
            var paused = engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!;
            Assert.Equal((ProgressStatus.Paused, 10L), (paused.Status, paused.Counts.Pending));

            await engine.Libraries.SetPausedAsync(library.Id, paused: false, Cancelled);
            Assert.Equal(10, (await engine.FinishedAsync(library.Id)).Counts.Ready);
            engine.AssertCountersAreTrue();
        }
    }

    [Fact]
    public async Task Stop_InTheMiddle_HandsBackWithoutSpendingAttemptsAndGoesOnAtTheNextStart()
    {
        using var data = new TemporaryFolder();
        for (var i = 0; i < 60; i++)
            _pictures.Jpeg($"{i}.jpg", 300, 200, seed: i);
        Library library;
        await using (var engine = await Engine.StartAsync(data.Path))
        {
            library = await engine.AddAsync(_pictures.Folder);
            await engine.IndexedAsync(library, 5);
        }

        await using (var engine = new Engine(data.Path))
        {
            Assert.Equal(0, engine.Database.Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM assets WHERE claim_owner IS NOT NULL")));
            Assert.Equal(0, engine.Database.Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM assets WHERE attempts > 0")));
            Assert.Equal(0, engine.Database.Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM workers")));
            engine.AssertCountersAreTrue();
            await engine.StartAsync();
            Assert.Equal(60, (await engine.FinishedAsync(library.Id)).Counts.Ready);
            engine.AssertCountersAreTrue();
        }
    }

    [Fact]
    public async Task Rescan_WhileIndexing_KeepsTheCountersTrueAndEnds()
    {
        for (var i = 0; i < 300; i++)
            _pictures.Jpeg($"{i:d3}.jpg", 40, 30, seed: i);
        await using var engine = await Engine.StartAsync();
        var library = await engine.AddAsync(_pictures.Folder);
        await engine.ScannedAsync(library);

        var groups = new List<long>();
        for (var round = 1; round <= 5; round++)
        {
            await engine.IndexedAsync(library, round * 10);
            for (var i = round; i < 300; i += 29)
                _pictures.Jpeg($"{i:d3}.jpg", 40 + round, 30, seed: i);
            File.Delete(_pictures.PathOf($"{round * 50:d3}.jpg"));
            groups.Add(await engine.ScanAsync(library));
            await engine.ScannedAsync(library);
        }

        foreach (var group in groups.Append(library.Id))
            Assert.Equal(ProgressStatus.Complete, (await engine.FinishedAsync(group)).Status);
        engine.AssertCountersAreTrue();
        foreach (var asset in engine.Assets(library).Values)
        {
            Assert.Equal(AssetStatus.Ready, asset.Status);
            var bytes = await File.ReadAllBytesAsync(_pictures.PathOf(asset.Path), Cancelled);
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(bytes), asset.Sha256);
        }
    }

    [Fact]
    public async Task Forget_WhileIndexing_LetsOtherLibrariesGoOn()
    {
        using var others = new SamplePictures();
        for (var i = 0; i < 100; i++)
        {
            _pictures.Jpeg($"{i}.jpg", 200, 150, seed: i);
            others.Jpeg($"{i}.jpg", 60, 40, seed: i);
            others.Text($"{i}.stl", $"solid {i}\nendsolid {i}\n");
            _pictures.Text($"{i}.stl", $"solid {i}\nendsolid {i}\n");
        }

        await using var engine = await Engine.StartAsync();
        var forgotten = await engine.AddAsync(_pictures.Folder);
        var kept = await engine.AddAsync(others.Folder);
        await engine.IndexedAsync(forgotten, 20);

        Assert.True(await engine.Get<LibraryScans>().ForgetAsync(forgotten.Id, Cancelled));

        Assert.Equal(200, (await engine.FinishedAsync(kept.Id)).Counts.Ready);
        await Patience.UntilAsync(() => engine.Database.Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM assets")) == 200);
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Change_OfAPicture_GivesItANewIdentityAndVector()
    {
        _pictures.Jpeg("a.jpg", 40, 30, seed: 1);
        _pictures.Jpeg("b.jpg", 40, 30, seed: 2);
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_pictures.Folder);
        var before = engine.Assets(library)["a.jpg"];
        var near = await NearAsync();
        Assert.True(near[0].Similarity < 0.999);

        File.Copy(_pictures.PathOf("b.jpg"), _pictures.PathOf("a.jpg"), overwrite: true);
        File.SetLastWriteTimeUtc(_pictures.PathOf("a.jpg"), new DateTime(2021, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await engine.RescanAsync(library);

        var after = engine.Assets(library);
        Assert.Equal(before.Id, after["a.jpg"].Id);
        Assert.Equal(after["b.jpg"].Sha256, after["a.jpg"].Sha256);
        near = await NearAsync();
        Assert.Equal(after["b.jpg"].Id, Assert.Single(near).AssetId);
        Assert.Equal(1, near[0].Similarity, 0.001);

        // Compared with both; an answer does not wait for vectors that are still being read.
        async Task<IReadOnlyList<Neighbour>> NearAsync()
        {
            IReadOnlyList<Neighbour> near = [];
            await Patience.UntilAsync(async () =>
            {
                (near, var compared) = await engine.Get<SimilarAssets>().FindAsync(library.Id, before.Id, 5, Cancelled);
                return compared == 2;
            });
            return near;
        }
    }

    /// <summary>Keeps each first claim, in the order of the commits.</summary>
    private static Task NoteClaimsAsync(Engine engine) => engine.Database.WriteAsync(
        transaction => transaction.Connection.Execute(
            """
            CREATE TABLE claimed (place INTEGER PRIMARY KEY, asset_id INTEGER);
            CREATE TRIGGER note_claim AFTER UPDATE OF claims ON assets WHEN OLD.claims = 0 AND NEW.claims = 1 BEGIN INSERT INTO claimed (asset_id) VALUES (NEW.id); END
            """),
        WriteUrgency.Urgent,
        Cancelled);

    private static List<long> Claimed(Engine engine) =>
        engine.Database.Read(connection => connection.Query("SELECT asset_id FROM claimed ORDER BY place", row => row.GetInt64(0)));
}
