using Vitrine.Images;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Images;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Indexing;

/// <summary>Every bad input through all three phases, with real decoder processes: a row with a reason, and everything else ready.</summary>
[Collection(nameof(ProcessTests))]
public sealed class BadInputTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public async Task Import_EveryKindOfBadFile_EndsAsAReasonAndTheRestIsReady()
    {
        var good = _pictures.Jpeg("good.jpg");
        _pictures.Bytes("empty.jpg", []);
        _pictures.Truncated("truncated.jpg", good, 0.4);
        _pictures.Truncated("header only.jpg", good, 0.02);
        _pictures.Text("text.jpg", "This is not a picture.");
        _pictures.Text("page.jpg", "<!DOCTYPE html><script>alert(1)</script>");
        _pictures.Bytes("noise.webp", [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7919 >> 3))]);
        _pictures.EnormousPng("enormous.png", 30_000, 30_000);
        await using var engine = await Engine.StartAsync();

        var library = await engine.ImportAsync(_pictures.Folder);

        var assets = engine.Assets(library);
        var reasons = assets.Values.Where(asset => asset.Status == AssetStatus.Failed).ToDictionary(asset => asset.Name, asset => asset.Failure!);
        Assert.Equal(
            ["empty.jpg", "enormous.png", "header only.jpg", "noise.webp", "page.jpg", "text.jpg", "truncated.jpg"],
            reasons.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            [("empty.jpg", FailureClass.Empty), ("enormous.png", FailureClass.TooLarge), ("page.jpg", FailureClass.NotAPicture), ("text.jpg", FailureClass.NotAPicture), ("truncated.jpg", FailureClass.CutOff)],
            reasons.Where(reason => reason.Key is not ("header only.jpg" or "noise.webp")).OrderBy(reason => reason.Key, StringComparer.Ordinal).Select(reason => (reason.Key, reason.Value.Class)));
        Assert.All(reasons.Values, reason => Assert.True(reason.Class == FailureClass.Empty || reason.Details is not null, reason.ToString()));
        Assert.Equal((30_000, 30_000), (assets["enormous.png"].Width, assets["enormous.png"].Height)); // the header is known all the same
        Assert.Equal(AssetStatus.Ready, assets["good.jpg"].Status);
        var (total, failures) = engine.Get<FailureStore>().Page(library.Id, 0, 100);
        Assert.Equal(7, total);
        Assert.All(failures, failure => Assert.Equal((Stage.Metadata, 1), (failure.Stage, failure.Attempts)));
        engine.AssertCountersAreTrue();
        Assert.Empty(engine.Log.Errors);
    }

    [Fact]
    public async Task Import_OddButSoundPictures_AreAllReady()
    {
        var jpeg = _pictures.Jpeg("photo.jpg", 400, 300);
        File.Move(jpeg, _pictures.PathOf("a jpeg.png"));
        _pictures.AnimatedGif("animated.gif", 60, 40, frames: 3);
        _pictures.AnimatedWebP("animated.webp", 60, 40, frames: 3);
        _pictures.CmykJpeg("cmyk.jpg", 50, 40);
        _pictures.SixteenBit("deep.png", 50, 40);
        _pictures.SixteenBit("deep.tif", 50, 40);
        _pictures.Png("one.png", 1, 1);
        _pictures.Png("line.png", 1, 20_000);
        _pictures.Jpeg("turned.jpg", 40, 30, orientation: 6);
        _pictures.Png("new\nline 'quoted' 🐢.png", 30, 20);
        await using var engine = await Engine.StartAsync();

        var library = await engine.ImportAsync(_pictures.Folder);

        var assets = engine.Assets(library);
        Assert.All(assets.Values, asset => Assert.Equal((AssetStatus.Ready, null, true), (asset.Status, asset.Failure, asset.HasThumbnail)));
        Assert.Equal("jpeg", Details(engine, assets["a jpeg.png"]).Format);
        Assert.Equal((60, 40, 3), (assets["animated.gif"].Width, assets["animated.gif"].Height, Details(engine, assets["animated.gif"]).Frames));
        Assert.Equal((60, 40, 3), (assets["animated.webp"].Width, assets["animated.webp"].Height, Details(engine, assets["animated.webp"]).Frames));
        Assert.Equal((1, 1), (assets["one.png"].Width, assets["one.png"].Height));
        Assert.Equal((1, 20_000), (assets["line.png"].Width, assets["line.png"].Height));
        Assert.Equal((30, 40), (assets["turned.jpg"].Width, assets["turned.jpg"].Height));
        Assert.All(assets.Values, asset => Assert.True(File.Exists(engine.ThumbnailPath(asset.Sha256!))));
    }

    [Fact]
    public async Task Import_FilesThatKillHangOrConfuseTheDecoder_FailAloneWithTheReason()
    {
        _pictures.Jpeg("hang.jpg", 40, 30);
        var time = new ManualTime();
        await using var engine = await Engine.StartAsync(
            faults: "crash:crash.jpg,hang:hang.jpg,lie:lie.jpg", decoding: HangingDecoder.Options, time: new FastTime(100), decoderTime: time);
        var library = await engine.AddAsync(_pictures.Folder);
        await engine.ScannedAsync(library);
        await HangingDecoder.HangsAsync(time);

        foreach (var name in (string[])["crash.jpg", "lie.jpg"])
            _pictures.Jpeg(name, 40, 30);
        for (var i = 0; i < 20; i++)
            _pictures.Jpeg($"good{i}.jpg", 40, 30, seed: i);
        await engine.ScanAsync(library);
        await engine.ScannedAsync(library);
        await Patience.UntilAsync(() => engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!.Counts is { Ready: 20, Failed: 2 }); // while one hangs
        await HangingDecoder.TimesOutForGoodAsync(time);
        await engine.FinishedAsync(library.Id);

        var assets = engine.Assets(library);
        Assert.StartsWith("decoder crashed: 3 times at this file", assets["crash.jpg"].Failure?.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("decoder crashed: 3 times at this file", assets["lie.jpg"].Failure?.ToString(), StringComparison.Ordinal);
        Assert.Equal(FailureClass.TookTooLong, assets["hang.jpg"].Failure?.Class);
        Assert.Equal(20, assets.Values.Count(asset => asset.Status == AssetStatus.Ready));
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Import_PipeTookThePlaceOfAPicture_FailsAndIsNotWaitedFor()
    {
        Assert.SkipUnless(Shell.Has("mkfifo"), "mkfifo is not installed");
        _pictures.Jpeg("good.jpg", 40, 30);
        _pictures.Jpeg("pipe.jpg", 40, 30);
        await using var engine = new Engine(time: new FastTime(100), decoderTime: new ManualTime()); // no decoder ever runs out of time
        var library = await engine.AddAsync(_pictures.Folder);
        await engine.ScannedAsync(library);
        await Shell.RunAsync(@"cd ""$1"" && rm pipe.jpg && mkfifo pipe.jpg", _pictures.Folder);

        await engine.StartAsync();
        await engine.FinishedAsync(library.Id);

        Assert.Equal(AssetStatus.Ready, engine.Assets(library)["good.jpg"].Status);
        Assert.Contains("no regular file", engine.Assets(library)["pipe.jpg"].Failure?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_FolderThatMayBeListedAndNotEntered_SaysSoAndNotThatTheFileIsGone()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Directory.CreateDirectory(_pictures.PathOf("closed"));
        _pictures.Jpeg("closed/a.jpg", 40, 30);
        await using var engine = new Engine();
        var library = await engine.AddAsync(_pictures.Folder);
        await engine.ScannedAsync(library);
        var owner = await engine.Get<WorkerStore>().RegisterAsync(Cancelled);
        var claim = Assert.Single(await engine.Get<IClaimStore>().ClaimAsync(owner, Stage.Metadata, 1, [], oldestFirst: false, Cancelled));
        var stage = engine.Get<MetadataStage>(); // with all that it needs of the data folder
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite, Listed = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        File.SetUnixFileMode(_pictures.Folder, Own | UnixFileMode.UserExecute | Listed | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(_pictures.PathOf("closed"), Own | Listed);
        try
        {
            Task work;
            using (new OtherUser())
                work = stage.WorkAsync(claim, Cancelled); // on this thread as far as it has to look
            await work;
        }
        finally
        {
            File.SetUnixFileMode(_pictures.PathOf("closed"), Own | UnixFileMode.UserExecute);
        }

        var failure = engine.Assets(library)["closed/a.jpg"].Failure;
        Assert.StartsWith("no permission: the files of 'closed' can be listed but not opened", failure?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_FileThatVanishesAfterTheScan_FailsAndGoesWithTheNextScan()
    {
        _pictures.Jpeg("stays.jpg", 40, 30);
        var vanishing = _pictures.Jpeg("goes.jpg", 40, 30);
        await using var engine = new Engine();
        var library = await engine.AddAsync(_pictures.Folder);
        await engine.ScannedAsync(library);
        File.Delete(vanishing);

        await engine.StartAsync();
        await engine.FinishedAsync(library.Id);

        Assert.Equal(new FailureReason(FailureClass.Gone, null), engine.Assets(library)["goes.jpg"].Failure);
        Assert.Equal(AssetStatus.Ready, engine.Assets(library)["stays.jpg"].Status);
        await engine.RescanAsync(library);
        Assert.Equal(["stays.jpg"], engine.Paths(library));
        Assert.Equal(0, engine.Get<FailureStore>().Page(library.Id, 0, 10).Total);
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Import_FileThatGrowsAfterTheScan_IsReadAsItIsAndAgainAfterTheNextScan()
    {
        var growing = _pictures.Jpeg("grows.jpg", 100, 80, seed: 1);
        var whole = await File.ReadAllBytesAsync(growing, Cancelled);
        await File.WriteAllBytesAsync(growing, whole.AsMemory(0, whole.Length / 2), Cancelled);
        await using var engine = new Engine();
        var library = await engine.AddAsync(_pictures.Folder);
        await engine.ScannedAsync(library);
        await File.WriteAllBytesAsync(growing, whole, Cancelled);

        await engine.StartAsync();
        await engine.FinishedAsync(library.Id);
        Assert.Equal(AssetStatus.Ready, engine.Assets(library)["grows.jpg"].Status);
        await engine.RescanAsync(library);

        var asset = engine.Assets(library)["grows.jpg"];
        Assert.Equal((AssetStatus.Ready, whole.Length, 100), (asset.Status, asset.Size, asset.Width));
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Import_LinkSwappedAfterTheScanToPointOutside_IsNotRead()
    {
        using var outside = new SamplePictures();
        var secret = outside.Jpeg("secret.jpg", 40, 30);
        var inside = _pictures.Jpeg("inside.jpg", 40, 30);
        File.CreateSymbolicLink(_pictures.PathOf("link.jpg"), inside);
        await using var engine = new Engine();
        var library = await engine.AddAsync(_pictures.Folder);
        await engine.ScannedAsync(library);
        File.Delete(_pictures.PathOf("link.jpg"));
        File.CreateSymbolicLink(_pictures.PathOf("link.jpg"), secret);

        await engine.StartAsync();
        await engine.FinishedAsync(library.Id);

        var asset = engine.Assets(library)["link.jpg"];
        Assert.Equal(AssetStatus.Failed, asset.Status);
        Assert.Equal(FailureClass.OutsideTheLibrary, asset.Failure?.Class);
        Assert.Null(asset.Sha256);
    }

    [Fact]
    public async Task Import_SidecarThatLeadsOutside_IsNotRead()
    {
        using var outside = new TemporaryFolder();
        outside.File("secret.xmp", Xmp("outside"));
        _pictures.Jpeg("a.jpg", 40, 30, seed: 1);
        _pictures.Jpeg("b.jpg", 40, 30, seed: 2);
        File.CreateSymbolicLink(_pictures.PathOf("a.xmp"), outside.Of("secret.xmp"));
        _pictures.Text("b.xmp", Xmp("inside"));
        await using var engine = await Engine.StartAsync();

        var library = await engine.ImportAsync(_pictures.Folder);

        Assert.Null(Details(engine, engine.Assets(library)["a.jpg"]).Metadata?.Title);
        Assert.Equal("inside", Details(engine, engine.Assets(library)["b.jpg"]).Metadata?.Title);
    }

    [Fact]
    public async Task Import_WhereThumbnailsEndCannotBeWritten_WaitsAndGoesOnByItself()
    {
        using var data = new TemporaryFolder();
        _pictures.Jpeg("a.jpg", 40, 30);
        _pictures.Text("model.stl", "solid nothing\nendsolid nothing\n");
        await using var engine = await Engine.StartAsync(data.Path, time: new FastTime(20));
        Directory.Delete(data.Of("thumbnails"));
        data.File("thumbnails", "a file where a folder should be");

        var library = await engine.AddAsync(_pictures.Folder);
        await engine.IndexedAsync(library, 1); // the model needs no thumbnail
        await Patience.UntilAsync(() => engine.Log.Warnings.Any(line => line.Contains("cannot be written: work on pictures waits", StringComparison.Ordinal))
            || engine.Assets(library)["a.jpg"].Status == AssetStatus.Failed);
        var waiting = engine.Assets(library)["a.jpg"];
        Assert.Equal(AssetStatus.Pending, waiting.Status);

        File.Delete(data.Of("thumbnails"));
        await engine.FinishedAsync(library.Id);
        Assert.All(engine.Assets(library).Values, asset => Assert.Equal(AssetStatus.Ready, asset.Status));
        Assert.Empty(Directory.EnumerateFiles(data.Of("tmp")));
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Import_ThumbnailDeletedBeforeEmbedding_IsMadeAgainAndOthersAreNotHeldUp()
    {
        using var data = new TemporaryFolder();
        for (var i = 0; i < 4; i++)
            _pictures.Jpeg($"{i}.jpg", 40, 30, seed: i);
        Library library;
        await using (var engine = await Engine.StartAsync(data.Path))
        {
            library = await engine.ImportAsync(_pictures.Folder);
            // Back to before phase 3, as after a restore of the database without its thumbnails.
            var sha = engine.Assets(library)["1.jpg"].Sha256!;
            File.Delete(engine.ThumbnailPath(sha));
            await BackToIndexedAsync(engine, library);
        }

        // One of them has lost its picture too: it alone cannot be made again.
        _pictures.Jpeg("3.jpg", 50, 50, seed: 9);
        await using (var engine = await Engine.StartAsync(data.Path, time: new FastTime(20)))
        {
            await engine.FinishedAsync(library.Id);
            Assert.Equal(4, engine.Assets(library).Values.Count(asset => asset.Status == AssetStatus.Ready));
            Assert.True(File.Exists(engine.ThumbnailPath(engine.Assets(library)["1.jpg"].Sha256!)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("relative/path")]
    [InlineData("/does/not/exist")]
    [InlineData("{file}")]
    [InlineData("{data}")]
    [InlineData("{data}/thumbnails")]
    [InlineData("{link to data}")]
    [InlineData("/")]
    [InlineData("/proc")]
    [InlineData("/proc/self/fd")]
    [InlineData("/sys")]
    [InlineData("/dev")]
    public async Task Add_PathThatCannotBeALibrary_IsRefusedBeforeAnythingIsStored(string path)
    {
        await using var engine = new Engine();
        Directory.CreateDirectory(Path.Join(engine.DataFolder, "thumbnails"));
        File.CreateSymbolicLink(_pictures.PathOf("way in"), engine.DataFolder);
        path = path.Replace("{file}", _pictures.Jpeg("a.jpg", 40, 30)).Replace("{data}", engine.DataFolder).Replace("{link to data}", _pictures.PathOf("way in"));

        var refused = Assert.Throws<LibraryPathException>(() => LibraryRoot.Check(path, engine.DataFolder));

        Assert.True(refused.Message.Length > 20, refused.Message);
        await Assert.ThrowsAsync<LibraryPathException>(() => engine.AddAsync(path));
        Assert.Empty(engine.Libraries.All());
    }

    private static Task BackToIndexedAsync(Engine engine, Library library) => engine.Database.WriteAsync(
        transaction =>
        {
            transaction.Connection.Execute("UPDATE assets SET status = 1");
            transaction.Connection.Execute("UPDATE progress SET indexed = ready, ready = 0, version = version + 1");
            Assert.Equal(4, engine.Assets(library).Count);
        },
        WriteUrgency.Urgent,
        Cancelled);

    private static PictureDetails Details(Engine engine, Asset asset) => engine.Get<PictureDetailsStore>().FindOrNull(asset.Id)!;

    private static string Xmp(string title) =>
        $"""
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
        </rdf:Description></rdf:RDF></x:xmpmeta>
        """;
}
