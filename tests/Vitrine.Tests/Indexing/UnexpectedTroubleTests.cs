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
        Assert.Equal((AssetStatus.Failed, "unexpected: nobody foresaw this"), (failed.Status, failed.Failure));
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
