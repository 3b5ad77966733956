using Vitrine.Indexing;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work.Rules;

/// <summary>Work rule 5: result and next status are one transaction; derived files are named by content, so a double run is harmless.</summary>
[Collection(nameof(ProcessTests))]
public sealed class Rule05TransactionTests : StoreContract
{
    [Fact]
    public async Task Finish_ResultCannotBeWritten_LeavesStatusAndCountersToo()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        var claims = await ClaimAsync(await WorkerAsync());

        await Assert.ThrowsAsync<FormatException>(() => Stores.Settlement.FinishAsync(
            claims, AssetStatus.Indexed, (_, _) => throw new FormatException("a mistake in the result"), Token));

        Assert.Equal(AssetStatus.Pending, StatusOf(claims[0].AssetId));
        Assert.Equal(new StatusCounts(1, 0, 0, 0, 0), CountsOf(library.Id));
        CountersAreTrue();
    }

    [Fact]
    public async Task Work_RunTwiceByTwoOwners_LeavesOneResultAndOneFile()
    {
        using var pictures = new SamplePictures();
        pictures.Jpeg("a.jpg", 40, 30);
        await using var engine = new Engine();
        var library = await engine.AddAsync(pictures.Folder);
        await engine.ScannedAsync(library);
        var (claims, workers, stage) = (engine.Get<IClaimStore>(), engine.Get<WorkerStore>(), engine.Get<MetadataStage>());
        var lost = (await claims.ClaimAsync(await RegisterAsync(), Stage.Metadata, 1, [], oldestFirst: false, Token)).Single();
        await workers.UnregisterAsync(lost.Owner, Token);
        await claims.RescueAsync(Token);
        var held = (await claims.ClaimAsync(await RegisterAsync(), Stage.Metadata, 1, [], oldestFirst: false, Token)).Single();

        await Task.WhenAll(stage.WorkAsync(lost, Token), stage.WorkAsync(held, Token));

        Assert.Equal(AssetStatus.Ready, engine.Assets(library)["a.jpg"].Status);
        Assert.Single(Directory.GetFiles(Path.Join(engine.DataFolder, "thumbnails"), "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(Path.Join(engine.DataFolder, "tmp")));
        Assert.Equal(1, engine.Database.Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM asset_details")));
        Assert.Equal(1, engine.Database.Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM embeddings")));
        engine.AssertCountersAreTrue();

        Task<long> RegisterAsync() => workers.RegisterAsync(Token);
    }
}
