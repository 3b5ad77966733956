using Vitrine.Decoding;
using Vitrine.Images;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Images;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Indexing;

/// <summary>No file fails for good because a disk was full or something unforeseen happened once; what fails alone on a healthy disk again and again does.</summary>
[Collection(nameof(ProcessTests))]
public sealed class UnexpectedTroubleTests : IAsyncDisposable
{
    private readonly SamplePictures _pictures = new();
    private readonly ManualTime _time = new();
    private readonly Engine _engine;
    private FullDerivedFiles? _derived;

    public UnexpectedTroubleTests() =>
        _engine = new Engine(time: _time, decoderTime: TimeProvider.System, derived: files => _derived = new FullDerivedFiles(files, _engine!.DataFolder));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _pictures.Dispose();
    }

    [Fact]
    public async Task Work_WhileTheDiskIsFull_WaitsWithoutSpendingAttemptsHoweverLongItLasts()
    {
        var library = await ScannedAsync("a.jpg");
        _engine.Get<IDerivedFiles>();
        _derived!.IsFull = true;

        for (var round = 0; round < RetryPolicy.MaxAttempts * 2; round++)
        {
            await _engine.Get<MetadataStage>().WorkAsync(await ClaimAsync(Stage.Metadata), Cancelled);
            var waiting = _engine.Assets(library)["a.jpg"];
            Assert.Equal((AssetStatus.Pending, 0), (waiting.Status, waiting.Attempts));
            _time.Advance(TimeSpan.FromSeconds(8));
        }

        _derived.IsFull = false;
        await _engine.Get<MetadataStage>().WorkAsync(await ClaimAsync(Stage.Metadata), Cancelled);
        Assert.Equal(AssetStatus.Ready, _engine.Assets(library)["a.jpg"].Status);
        Assert.Single(_engine.Log.Warnings, line => line.Contains("cannot be written: work on pictures waits", StringComparison.Ordinal)); // once, not per picture
        _engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Work_MistakeOnAHealthyDisk_FailsTheFileAtTheFifthAttempt()
    {
        var library = await ScannedAsync("a.jpg");
        _engine.Get<IDerivedFiles>();
        _derived!.Mistake = new InvalidOperationException("nobody foresaw this");

        for (var attempt = 1; attempt <= RetryPolicy.MaxAttempts; attempt++)
        {
            Assert.Equal(AssetStatus.Pending, _engine.Assets(library)["a.jpg"].Status);
            await _engine.Get<MetadataStage>().WorkAsync(await ClaimAsync(Stage.Metadata), Cancelled);
            _time.Advance(TimeSpan.FromSeconds(90));
        }

        var failed = _engine.Assets(library)["a.jpg"];
        Assert.Equal((AssetStatus.Failed, new FailureReason(FailureClass.Unexpected, "nobody foresaw this")), (failed.Status, failed.Failure));
    }

    [Fact]
    public async Task Work_WhileNoDecoderStarts_WaitsWithoutSpendingAttemptsHoweverLongItLasts()
    {
        using var programs = new TemporaryFolder();
        await using var engine = new Engine(time: _time, decoderTime: TimeProvider.System, decoder: Missing(programs));
        _pictures.Jpeg("a.jpg", 40, 30);
        var library = await engine.AddAsync(_pictures.Folder);
        await engine.ScannedAsync(library);

        for (var round = 0; round < RetryPolicy.MaxAttempts * 2; round++)
        {
            await engine.Get<MetadataStage>().WorkAsync(Assert.Single(await ClaimAsync(engine, Stage.Metadata)), Cancelled);
            Assert.Equal((AssetStatus.Pending, 0), (engine.Assets(library)["a.jpg"].Status, engine.Assets(library)["a.jpg"].Attempts));
            _time.Advance(TimeSpan.FromSeconds(8));
        }

        Install(programs);
        await engine.Get<MetadataStage>().WorkAsync(Assert.Single(await ClaimAsync(engine, Stage.Metadata)), Cancelled);
        Assert.Equal(AssetStatus.Ready, engine.Assets(library)["a.jpg"].Status);
        Assert.Single(engine.Log.Warnings, line => line.Contains("No decoder can be started", StringComparison.Ordinal)); // once, not per picture
        Assert.Single(engine.Log.All, line => line.Contains("Decoders start again", StringComparison.Ordinal));
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Embed_WhileNoDecoderStarts_WaitsWithoutSpendingAttemptsHoweverLongItLasts()
    {
        const int Files = 3;
        using var data = new TemporaryFolder();
        using var programs = new TemporaryFolder();
        for (var i = 0; i < Files; i++)
            _pictures.Jpeg($"{i}.jpg", 40, 30, seed: i);
        Library library;
        await using (var reader = new Engine(data.Path, time: _time, decoderTime: TimeProvider.System, stages: WorkedStages.Metadata))
        {
            library = await reader.AddAsync(_pictures.Folder);
            await reader.ScannedAsync(library);
            foreach (var claim in await ClaimAsync(reader, Stage.Metadata))
                await reader.Get<MetadataStage>().WorkAsync(claim, Cancelled);
            File.Delete(reader.ThumbnailPath(reader.Assets(library)["1.jpg"].Sha256!)); // making it again needs a decoder too
        }

        await using var engine = new Engine(data.Path, time: _time, decoderTime: TimeProvider.System, decoder: Missing(programs));
        for (var round = 0; round < RetryPolicy.MaxAttempts * 2; round++)
        {
            await engine.Get<EmbeddingStage>().WorkAsync(await ClaimAsync(engine, Stage.Embedding), Cancelled);
            Assert.All(engine.Assets(library).Values, asset => Assert.Equal((AssetStatus.Embedding, 0), (asset.Status, asset.Attempts)));
            _time.Advance(TimeSpan.FromSeconds(8));
        }

        Install(programs);
        await engine.Get<EmbeddingStage>().WorkAsync(await ClaimAsync(engine, Stage.Embedding), Cancelled);
        Assert.Equal(Files, engine.Assets(library).Values.Count(asset => asset.Status == AssetStatus.Ready));
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Embed_MistakeInABatch_IsThatOfTheOneThatFailsAlone()
    {
        const int Files = 5;
        FullDerivedFiles? derived = null;
        await using var engine = new Engine(
            time: _time, decoderTime: TimeProvider.System, stages: WorkedStages.Metadata, derived: files => derived = new FullDerivedFiles(files, _pictures.Folder));
        for (var i = 0; i < Files; i++)
            _pictures.Jpeg($"{i}.jpg", 40, 30, seed: i);
        var library = await engine.AddAsync(_pictures.Folder);
        await engine.ScannedAsync(library);
        var owner = await engine.Get<WorkerStore>().RegisterAsync(Cancelled);
        foreach (var claim in await engine.Get<IClaimStore>().ClaimAsync(owner, Stage.Metadata, Files, [], oldestFirst: false, Cancelled))
            await engine.Get<MetadataStage>().WorkAsync(claim, Cancelled);
        derived!.Mistake = new InvalidOperationException("nobody foresaw this");
        derived.MistakeAt = DerivedName.Thumbnail(engine.Assets(library)["2.jpg"].Sha256!).Key;

        await engine.Get<EmbeddingStage>().WorkAsync(
            await engine.Get<IClaimStore>().ClaimAsync(owner, Stage.Embedding, Files, [], oldestFirst: false, Cancelled), Cancelled);

        var assets = engine.Assets(library);
        Assert.Equal(Files - 1, assets.Values.Count(asset => asset is { Status: AssetStatus.Ready, Attempts: 0 }));
        Assert.Equal((AssetStatus.Embedding, 1), (assets["2.jpg"].Status, assets["2.jpg"].Attempts)); // it waits for its next attempt
        engine.AssertCountersAreTrue();
    }

    /// <summary>A decoder whose program is not there, as while the SDK is replaced.</summary>
    private static DecoderCommand Missing(TemporaryFolder programs) => DecoderCommand.ForThisProgram() with { FileName = programs.Of("dotnet") };

    private static void Install(TemporaryFolder programs) => File.CreateSymbolicLink(programs.Of("dotnet"), DecoderCommand.ForThisProgram().FileName);

    private static async Task<IReadOnlyList<Claim>> ClaimAsync(Engine engine, Stage stage)
    {
        var owner = await engine.Get<WorkerStore>().RegisterAsync(Cancelled);
        return await engine.Get<IClaimStore>().ClaimAsync(owner, stage, 10, [], oldestFirst: false, Cancelled);
    }

    private async Task<Library> ScannedAsync(params string[] names)
    {
        foreach (var (seed, name) in names.Index())
            _pictures.Jpeg(name, 40, 30, seed: seed);
        var library = await _engine.AddAsync(_pictures.Folder);
        await _engine.ScannedAsync(library);
        return library;
    }

    private async Task<Claim> ClaimAsync(Stage stage)
    {
        var owner = await _engine.Get<WorkerStore>().RegisterAsync(Cancelled);
        return Assert.Single(await _engine.Get<IClaimStore>().ClaimAsync(owner, stage, 1, [], oldestFirst: false, Cancelled));
    }
}
