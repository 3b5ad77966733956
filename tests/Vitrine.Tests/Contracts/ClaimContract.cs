using Vitrine.Progress;
using Vitrine.Tests.Postgres;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Contracts;

public abstract class ClaimContract : StoreContract
{
    [Fact]
    public async Task Claim_PendingAssets_GivesPathsAndCountsTheAttempt()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "2024/b.glb");
        var worker = await WorkerAsync();

        var claims = await ClaimAsync(worker);

        Assert.Equal(["a.jpg", "2024/b.glb"], claims.Select(claim => claim.Path));
        Assert.All(claims, claim => Assert.Equal(
            (worker, 1, AssetStatus.Pending, "/photos", library.Id, library.TaskGroupId),
            (claim.Owner, claim.Attempt, claim.Status, claim.Root, claim.LibraryId, claim.TaskGroupId)));
        Assert.Equal([Vitrine.Libraries.AssetKind.Image, Vitrine.Libraries.AssetKind.Model], claims.Select(claim => claim.Kind));
        Assert.Equal(1, Stores.Assets.FindOrNull(claims[0].AssetId)!.Attempts);
    }

    [Fact]
    public async Task Claim_TwoWorkersAtOnce_GivesEachAssetToOneOnly()
    {
        await AddLibraryAsync("/photos", [.. Enumerable.Range(0, 200).Select(index => $"{index:D3}.jpg")]);
        var workers = new[] { await WorkerAsync(), await WorkerAsync() };

        var claimed = await Task.WhenAll(Enumerable.Range(0, 40).Select(round => ClaimAsync(workers[round % 2], count: 7)));

        var ids = claimed.SelectMany(claims => claims).Select(claim => claim.AssetId).ToList();
        Assert.Equal(200, ids.Count);
        Assert.Equal(200, ids.Distinct().Count());
    }

    [Fact]
    public async Task Claim_MoreThanWait_GivesWhatThereIsThenNothing()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var worker = await WorkerAsync();

        Assert.Single(await ClaimAsync(worker, count: 10));
        Assert.Empty(await ClaimAsync(worker, count: 10));
    }

    [Fact]
    public async Task Claim_VisibleAssets_ComeFirstInTheOrderTheyAreWanted()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg", "c.jpg", "d.jpg");
        var (b, d) = (IdOf(library, "b.jpg"), IdOf(library, "d.jpg"));
        var worker = await WorkerAsync();

        var first = await ClaimAsync(worker, Stage.Metadata, 1, d, b);
        var rest = await ClaimAsync(worker, Stage.Metadata, 3, d, b);

        Assert.Equal((d, true), (Assert.Single(first).AssetId, first[0].Visible));
        Assert.Equal([(b, true), (IdOf(library, "a.jpg"), false), (IdOf(library, "c.jpg"), false)], rest.Select(claim => (claim.AssetId, claim.Visible)));
    }

    [Fact]
    public async Task Claim_VisibleIndexed_ComeBeforeEmbeddingThatWasHandedBack()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        await WorkAsync(AssetStatus.Indexed);
        var worker = await WorkerAsync();
        await Stores.Settlement.HandBackAsync(await ClaimAsync(worker, Stage.Embedding, 1));

        var claims = await ClaimAsync(worker, Stage.Embedding, 2, IdOf(library, "b.jpg"), IdOf(library, "b.jpg"), 4711);

        Assert.Equal(["b.jpg", "a.jpg"], claims.Select(claim => claim.Path));
        CountersAreTrue();
    }

    [Fact]
    public async Task Claim_VisibleInPausedOrCancelledLibrary_IsNotGiven()
    {
        var paused = await AddLibraryAsync("/paused", "a.jpg");
        var cancelled = await AddLibraryAsync("/cancelled", "a.jpg");
        await Stores.Libraries.SetPausedAsync(paused.Id, paused: true, Token);
        await Stores.Libraries.CancelAsync(cancelled.Id, Token);

        Assert.Empty(await ClaimAsync(await WorkerAsync(), Stage.Metadata, 10, IdOf(paused, "a.jpg"), IdOf(cancelled, "a.jpg")));
    }

    [Fact]
    public async Task Claim_SeveralGroups_ServesTheNewestFirstAndTheOldestWhenAsked()
    {
        await AddLibraryAsync("/old", "old1.jpg", "old2.jpg");
        await AddLibraryAsync("/new", "new1.jpg", "new2.jpg");
        var worker = await WorkerAsync();

        var newest = await Stores.Claims.ClaimAsync(worker, Stage.Metadata, 1, [], oldestFirst: false, Token);
        var oldest = await Stores.Claims.ClaimAsync(worker, Stage.Metadata, 1, [], oldestFirst: true, Token);
        var rest = await Stores.Claims.ClaimAsync(worker, Stage.Metadata, 10, [], oldestFirst: false, Token);

        Assert.Equal(["new1.jpg", "old1.jpg", "new2.jpg", "old2.jpg"], newest.Concat(oldest).Concat(rest).Select(claim => claim.Path));
    }

    [Fact]
    public async Task Claim_EmbeddingStage_MovesIndexedToEmbeddingAndCountsIt()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        await WorkAsync(AssetStatus.Indexed);
        Stores.TakeHeard();

        var claim = Assert.Single(await ClaimAsync(await WorkerAsync(), Stage.Embedding));

        Assert.Equal((AssetStatus.Embedding, 1), (claim.Status, claim.Attempt));
        Assert.Equal(new StatusCounts(0, 0, 1, 0, 0), CountsOf(library.Id));
        Assert.Contains(Stores.TakeHeard(), heard => heard is Vitrine.Caching.Announcement.AssetsChanged changed && changed.AssetIds.SequenceEqual([claim.AssetId]));
        CountersAreTrue();
    }

    [Fact]
    public async Task Settle_HeldClaim_MovesOnAndFreshensTheAttempts()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var worker = await WorkerAsync();
        var claim = (await ClaimAsync(worker)).Single();

        await FinishAsync([claim], AssetStatus.Indexed);

        Assert.Equal(AssetStatus.Indexed, StatusOf(claim.AssetId));
        Assert.Equal(0, Stores.Assets.FindOrNull(claim.AssetId)!.Attempts);
        CountersAreTrue();
    }

    [Fact]
    public async Task Settle_Twice_TakesEffectOnce()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var claims = await ClaimAsync(await WorkerAsync());
        var written = 0;

        for (var time = 0; time < 2; time++)
            await Stores.Settlement.FinishAsync(claims, AssetStatus.Indexed, (_, _) => written++, Token);

        Assert.Equal(1, written);
        CountersAreTrue();
    }

    [Fact]
    public async Task Settle_AfterRescueByAnother_HasNoEffect()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var dead = (await ClaimAsync(await WorkerAsync())).Single();
        Time.Advance(WorkerStore.Lease + TimeSpan.FromSeconds(1));
        Assert.Equal(1, await Stores.Claims.RescueAsync(Token));
        var live = (await ClaimAsync(await WorkerAsync())).Single();

        await FinishAsync([dead], AssetStatus.Indexed);
        Assert.Equal(AssetStatus.Pending, StatusOf(dead.AssetId));
        await FinishAsync([live], AssetStatus.Indexed);

        Assert.Equal(2, live.Attempt);
        Assert.Equal(AssetStatus.Indexed, StatusOf(dead.AssetId));
        CountersAreTrue();
    }

    [Fact]
    public async Task Settle_FileChangedAndClaimedAgainByTheSameWorker_HasNoEffect()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg@1");
        var worker = await WorkerAsync();
        var before = (await ClaimAsync(worker)).Single();
        await RescanAsync(library, "a.jpg@2");
        var after = (await ClaimAsync(worker)).Single();

        await FinishAsync([before], AssetStatus.Indexed);
        Assert.Equal(AssetStatus.Pending, StatusOf(before.AssetId));
        await FinishAsync([after], AssetStatus.Indexed);

        Assert.Equal(before.AssetId, after.AssetId);
        Assert.Equal(AssetStatus.Indexed, StatusOf(before.AssetId));
        CountersAreTrue();
    }

    [Fact]
    public async Task Settle_StaleMetadataClaimDuringEmbeddingBySameWorker_DoesNotMoveItBack()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var worker = await WorkerAsync();
        var metadata = (await ClaimAsync(worker)).Single();
        await FinishAsync([metadata], AssetStatus.Indexed);
        var embedding = (await ClaimAsync(worker, Stage.Embedding)).Single();

        await FinishAsync([metadata], AssetStatus.Indexed);

        Assert.Equal(AssetStatus.Embedding, StatusOf(embedding.AssetId));
        CountersAreTrue();
    }

    [Fact]
    public async Task Settle_LibraryForgottenMeanwhile_LeavesTheOthersOfTheBatchAlone()
    {
        var forgotten = await AddLibraryAsync("/forgotten", "a.jpg");
        var kept = await AddLibraryAsync("/kept", "b.jpg");
        var claims = await ClaimAsync(await WorkerAsync());
        await Stores.Libraries.ForgetAsync(forgotten.Id, Token);

        await FinishAsync(claims, AssetStatus.Indexed);

        Assert.Equal(new StatusCounts(0, 1, 0, 0, 0), CountsOf(kept.Id));
        CountersAreTrue();
    }

    [Fact]
    public async Task Settle_FileGoneMeanwhile_WritesNothing()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        var claim = (await ClaimAsync(await WorkerAsync(), count: 1)).Single();
        await RescanAsync(library, "b.jpg");

        await Stores.Settlement.FinishAsync([claim], AssetStatus.Indexed, (_, _) => Assert.Fail("written for a lost claim"), Token);

        CountersAreTrue();
    }

    [Fact]
    public async Task Release_Interrupted_SpendsNoAttempt()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var worker = await WorkerAsync();
        await Stores.Settlement.HandBackAsync(await ClaimAsync(worker));

        var again = (await ClaimAsync(worker)).Single();

        Assert.Equal(1, again.Attempt);
    }

    [Fact]
    public async Task Release_Later_IsGivenOnlyWhenItsTimeHasCome()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var worker = await WorkerAsync();
        var later = Time.GetUtcNow() + TimeSpan.FromSeconds(10);
        await Stores.Claims.ReleaseAsync(await ClaimAsync(worker), later, countAttempt: true, Token);

        Assert.Empty(await ClaimAsync(worker));
        Assert.Equal(later, Stores.Claims.NextRetryOrNull(Time.GetUtcNow()));
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(Stores.Claims.NextRetryOrNull(Time.GetUtcNow()));
        var again = (await ClaimAsync(worker)).Single();

        Assert.Equal(2, again.Attempt);
        Assert.Null(Stores.Claims.NextRetryOrNull(ManualTime.Start));
    }

    [Fact]
    public async Task Release_LostClaim_LeavesTheNewOneAlone()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg@1");
        var worker = await WorkerAsync();
        var before = await ClaimAsync(worker);
        await RescanAsync(library, "a.jpg@2");
        var after = await ClaimAsync(worker);

        await Stores.Claims.ReleaseAsync(before, null, countAttempt: false, Token);

        Assert.Empty(await ClaimAsync(worker));
        await FinishAsync(after, AssetStatus.Indexed);
        CountersAreTrue();
    }

    [Fact]
    public async Task Release_Embedding_StaysInItsStatusAndIsClaimedAgain()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        await WorkAsync(AssetStatus.Indexed);
        var worker = await WorkerAsync();
        await Stores.Settlement.HandBackAsync(await ClaimAsync(worker, Stage.Embedding));

        Assert.Equal(new StatusCounts(0, 0, 1, 0, 0), CountsOf(library.Id));
        await FinishAsync(await ClaimAsync(worker, Stage.Embedding), AssetStatus.Ready);

        Assert.Equal(new StatusCounts(0, 0, 0, 1, 0), CountsOf(library.Id));
        CountersAreTrue();
    }

    [Fact]
    public async Task PutOff_RootIsNotSeenHere_OthersMayClaimAtOnceAndThisOneLater()
    {
        var unseen = await AddLibraryAsync("/unseen", "a.jpg");
        await AddLibraryAsync("/photos", "b.jpg");
        var (here, there) = (await WorkerAsync(), await WorkerAsync());
        var elsewhere = new ClaimStore(Stores.Database, Stores.Progress, Stores.Announcements, Time); // as another process has it
        var claim = (await ClaimAsync(here)).Single(claim => claim.LibraryId == unseen.Id);

        Assert.True(Stores.Unseen.Note(Stage.Metadata, unseen.Id));
        await Stores.Settlement.PutOffAsync(claim, Token);

        Assert.Empty(await ClaimAsync(here, Stage.Metadata, 10, claim.AssetId)); // whoever looks at it
        var taken = Assert.Single(await elsewhere.ClaimAsync(there, Stage.Metadata, 10, [], oldestFirst: false, Token));
        Assert.Equal((claim.AssetId, 1), (taken.AssetId, taken.Attempt));
        await elsewhere.ReleaseAsync([taken], null, countAttempt: false, Token);
        Assert.False(Stores.Unseen.Note(Stage.Metadata, unseen.Id));
        Time.Advance(RetryPolicy.OfflineWait);
        Assert.Equal((claim.AssetId, 1), (await ClaimAsync(here)).Select(again => (again.AssetId, again.Attempt)).Single());
        CountersAreTrue();
    }

    [Fact]
    public async Task Claim_RootIsNotSeenForOneStage_TheOtherGoesOn()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        var worker = await WorkerAsync();
        await FinishAsync(await ClaimAsync(worker, count: 1), AssetStatus.Indexed);

        Stores.Unseen.Note(Stage.Metadata, library.Id);

        Assert.Empty(await ClaimAsync(worker));
        Assert.Equal("a.jpg", Assert.Single(await ClaimAsync(worker, Stage.Embedding)).Path);
    }

    [Fact]
    public async Task RetryLater_MaxAttempts_BecomesAFailureWithItsReason()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var worker = await WorkerAsync();
        var attempts = new List<int>();
        while (await ClaimAsync(worker) is [var claim])
        {
            attempts.Add(claim.Attempt);
            await Stores.Settlement.RetryLaterAsync(claim, Stage.Metadata, "the disk says no", Token);
            Time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(Enumerable.Range(1, RetryPolicy.MaxAttempts), attempts);
        var failure = Assert.Single(Stores.Failures.Page(null, 0, 10).Items);
        Assert.Equal((new FailureReason(FailureClass.Unexpected, "the disk says no"), RetryPolicy.MaxAttempts), (failure.Reason, failure.Attempts));
        CountersAreTrue();
    }
}

public sealed class SqliteClaimTests : ClaimContract;

[SharedServerTests]
public sealed class PostgresClaimTests : ClaimContract
{
    private protected override IStoreSource NewSource() => new PostgresStores();
}
