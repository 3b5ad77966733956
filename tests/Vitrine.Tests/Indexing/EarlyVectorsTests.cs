using System.Numerics.Tensors;
using Vitrine.Embeddings;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Images;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Indexing;

/// <summary>What phase 2 embeds while it reads is what phase 3 makes of the thumbnail, and is found at once.</summary>
[Collection(nameof(ProcessTests))]
public sealed class EarlyVectorsTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public async Task Import_Pictures_AreReadyAfterOneClaimAndFoundBySearches()
    {
        for (var i = 0; i < 6; i++)
            _pictures.Jpeg($"{i}.jpg", 300, 200, seed: i);
        await using var engine = await Engine.StartAsync();
        var search = engine.Get<IVectorSearch>();

        var library = await engine.ImportAsync(_pictures.Folder);

        Assert.Equal(6, engine.Database.Read(connection => connection.QueryNumber("SELECT SUM(claims) FROM assets WHERE status = 3")));
        var asset = engine.Assets(library)["3.jpg"];
        var vector = engine.Get<EmbeddingStore>().FindOrNull(asset.Id);
        IReadOnlyList<Neighbour> neighbours = [];
        await Patience.UntilAsync(async () =>
        {
            (neighbours, var compared) = await search.NearestAsync(library.Id, vector, 2, Cancelled);
            return compared == 6;
        });
        Assert.Equal(asset.Id, neighbours[0].AssetId);
    }

    [Fact]
    public async Task Vector_OfThePixels_IsNearlyThatOfTheThumbnail()
    {
        _pictures.Jpeg("a.jpg", 900, 700, seed: 5);
        await using var early = await Engine.StartAsync();
        var ready = await early.ImportAsync(_pictures.Folder);
        await using var late = new Engine(stages: WorkedStages.Metadata);
        var library = await late.AddAsync(_pictures.Folder);
        await late.ScannedAsync(library);
        var owner = await late.Get<WorkerStore>().RegisterAsync(Cancelled);
        await late.Get<MetadataStage>().WorkAsync(await ClaimAsync(late, owner, Stage.Metadata), Cancelled);
        Assert.Equal(AssetStatus.Indexed, late.Assets(library)["a.jpg"].Status); // vectors are left to others

        await late.Get<EmbeddingStage>().WorkAsync([await ClaimAsync(late, owner, Stage.Embedding)], Cancelled);

        Assert.Equal(AssetStatus.Ready, late.Assets(library)["a.jpg"].Status);
        Assert.InRange(TensorPrimitives.Dot<float>(Vector(early, ready), Vector(late, library)), 0.99f, 1.001f);

        static float[] Vector(Engine engine, Library library) => engine.Get<EmbeddingStore>().FindOrNull(engine.Assets(library)["a.jpg"].Id)!;
    }

    private static async Task<Claim> ClaimAsync(Engine engine, long owner, Stage stage) =>
        Assert.Single(await engine.Get<IClaimStore>().ClaimAsync(owner, stage, 1, [], oldestFirst: false, Cancelled));
}
