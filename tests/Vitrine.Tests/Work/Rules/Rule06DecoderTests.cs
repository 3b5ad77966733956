using System.Diagnostics;
using Vitrine.Decoding;
using Vitrine.Indexing;
using Vitrine.Progress;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work.Rules;

/// <summary>
/// Work rule 6: decoding happens in child processes at lower priority; a batch whose decoder died is halved until the item that kills
/// is alone, and three deaths end it. (Limits of pixels, memory and time: <see cref="Decoding.DecoderPoolTests"/>.)
/// </summary>
[Collection(nameof(ProcessTests))]
public sealed class Rule06DecoderTests : IDisposable
{
    private const int Files = 40;

    private readonly SamplePictures _pictures = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _pictures.Dispose();

    [Theory]
    [InlineData("crash", "decoder crashed: 3 times")]
    [InlineData("lie", "decoder crashed: 3 times")]
    public async Task Batch_OneItemKillsItsDecoder_IsSingledOutAndTheOthersAreReadyInOneAttempt(string fault, string reason)
    {
        using var data = new TemporaryFolder();
        for (var i = 0; i < Files; i++)
            _pictures.Jpeg($"{i:d2}.jpg", 40, 30, seed: i);
        string killing;
        long libraryId;
        // Phase 2 in a healthy engine, so that the file is known by the name of its thumbnail in the next one.
        await using (var engine = new Engine(data.Path, stages: WorkedStages.Metadata))
        {
            var library = await engine.AddAsync(_pictures.Folder);
            await engine.ScannedAsync(library);
            libraryId = library.Id;
            var owner = await engine.Get<WorkerStore>().RegisterAsync(Cancelled);
            var claims = await engine.Get<IClaimStore>().ClaimAsync(owner, Stage.Metadata, Files, [], oldestFirst: false, Cancelled);
            await Task.WhenAll(claims.Select(claim => engine.Get<MetadataStage>().WorkAsync(claim, Cancelled)));
            killing = Path.GetFileName(engine.ThumbnailPath(engine.Assets(library)["17.jpg"].Sha256!));
        }

        await using (var engine = new Engine(data.Path, faults: $"{fault}:{killing}"))
        {
            var library = engine.Libraries.FindOrNull(libraryId)!;
            var owner = await engine.Get<WorkerStore>().RegisterAsync(Cancelled);
            var batch = await engine.Get<IClaimStore>().ClaimAsync(owner, Stage.Embedding, Files, [], oldestFirst: false, Cancelled);
            Assert.Equal(Files, batch.Count);

            await engine.Get<EmbeddingStage>().WorkAsync(batch, Cancelled);

            var assets = engine.Assets(library);
            Assert.StartsWith(reason, assets["17.jpg"].Failure?.ToString(), StringComparison.Ordinal);
            Assert.Equal(Files - 1, assets.Values.Count(asset => asset is { Status: AssetStatus.Ready, Attempts: 0 }));
            var failure = Assert.Single(engine.Get<FailureStore>().Page(library.Id, 0, 10).Items);
            Assert.Equal((Stage.Embedding, 1), (failure.Stage, failure.Attempts));
            engine.AssertCountersAreTrue();
        }
    }

    [Fact]
    public async Task Decoder_AtWork_HasLowerPriorityThanTheServer()
    {
        var picture = _pictures.Jpeg("a.jpg", 40, 30);
        await using var pool = new DecoderPool(new DecoderOptions { Processes = 1, ItemTimeLimit = Patience.Limit, StartTimeLimit = Patience.Limit });
        await pool.InspectAsync(new InspectRequest(picture), Cancelled);

        using var self = Process.GetCurrentProcess();
        var lowered = Math.Max(10, NiceOf(self.Id)); // 10 is what the runtime calls below normal; the tests themselves may run at it
        var children = Process.GetProcesses().Where(process => ParentOf(process.Id) == self.Id && NiceOf(process.Id) >= lowered);
        Assert.NotEmpty(children);
    }

    private static int ParentOf(int process) => StatusOf(process) is [_, var parent, ..] ? int.Parse(parent) : 0;

    private static int NiceOf(int process) => StatusOf(process) is { Length: > 17 } fields ? int.Parse(fields[16]) : int.MinValue;

    /// <summary>Fields of /proc/PID/stat from the state on; empty when the process is gone.</summary>
    private static string[] StatusOf(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return []; // it ended since it was listed
        }
    }
}
