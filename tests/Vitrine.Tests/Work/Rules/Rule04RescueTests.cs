using Vitrine.Progress;
using Vitrine.Tests.Contracts;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work.Rules;

/// <summary>
/// Work rule 4: the leases of this host's dead processes are released at once, foreign ones when they expire. What the dead had
/// finished stays finished. (Of processes that are gone or alive: <see cref="WorkerContract"/>.)
/// </summary>
public sealed class Rule04RescueTests : StoreContract
{
    [Theory]
    [InlineData(AssetStatus.Indexed)]
    [InlineData(AssetStatus.Failed)]
    public async Task Rescue_WorkEndedBeforeTheWorkerDied_LeavesItAsItEnded(AssetStatus ended)
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        var claims = await ClaimAsync(await WorkerAsync());
        var first = claims.Single(claim => claim.Path == "a.jpg");
        if (ended == AssetStatus.Failed)
            await FailAsync(first);
        else
            await FinishAsync([first], ended);
        Time.Advance(WorkerStore.Lease + TimeSpan.FromSeconds(1));

        Assert.Equal(1, await Stores.Claims.RescueAsync(Token));

        Assert.Equal(ended, StatusOf(IdOf(library, "a.jpg")));
        Assert.Equal(AssetStatus.Pending, StatusOf(IdOf(library, "b.jpg")));
        Assert.Equal(ended == AssetStatus.Failed ? 1 : 0, Stores.Failures.Page(library.Id, 0, 10).Total);
        CountersAreTrue();
    }

    [Fact]
    public async Task Rescue_WhileCompletionsWait_FailsNothingAndReleasesOnlyWhatWasNotDone()
    {
        var library = await AddLibraryAsync("/photos", [.. Enumerable.Range(0, 50).Select(file => $"{file:d2}.jpg")]);
        var claims = await ClaimAsync(await WorkerAsync());
        Time.Advance(WorkerStore.Lease + TimeSpan.FromSeconds(1));

        // The late worker's completions and the rescue reach the writer together, in whatever order.
        var finishing = claims.Select(claim => FinishAsync([claim], AssetStatus.Indexed)).ToList();
        var rescued = await Stores.Claims.RescueAsync(Token);
        await Task.WhenAll(finishing);

        Assert.Equal(0, Stores.Failures.Page(library.Id, 0, 10).Total);
        Assert.Equal((long)rescued, CountsOf(library.Id).Pending);
        Assert.Equal(50 - rescued, CountsOf(library.Id).Indexed);
        Assert.Equal(0, Scalar<long>("SELECT COUNT(*) FROM assets WHERE claim_owner IS NOT NULL"));
        CountersAreTrue();
    }

    [Fact]
    public async Task Rescue_CancelledGroup_GivesItsWorkToNobody()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        await ClaimAsync(await WorkerAsync(), count: 1);
        await Stores.Libraries.CancelAsync(library.Id, Token);
        Time.Advance(WorkerStore.Lease + TimeSpan.FromSeconds(1));

        Assert.Equal(1, await Stores.Claims.RescueAsync(Token));

        Assert.Empty(await ClaimAsync(await WorkerAsync(), Stage.Metadata, 10, IdOf(library, "a.jpg")));
        Assert.Equal(ProgressStatus.Cancelled, Stores.Board.SnapshotOrNull(library.Id)!.Status);
    }
}
