using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Tests.Contracts;

public abstract class ForgettingContract : StoreContract
{
    [Fact]
    public async Task Forget_Library_IsGoneAtOnceWithItsProgress()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        Assert.Equal(1, Stores.Browse.Count(library.Id));

        Assert.True(await Stores.Libraries.ForgetAsync(library.Id, Token));

        Assert.Null(Stores.Libraries.FindOrNull(library.Id));
        Assert.Null(Stores.Board.SnapshotOrNull(library.Id));
        Assert.Null(Stores.Board.SnapshotOrNull(library.TaskGroupId));
        Assert.Equal(0, Stores.Browse.Count(library.Id));
        Assert.Null(Stores.Assets.FindByPathOrNull(library.Id, "a.jpg"));
        Assert.Empty(await ClaimAsync(await WorkerAsync()));
        Assert.Contains(new Announcement.LibraryForgotten(library.Id), Stores.TakeHeard());
        Assert.Empty(CounterCheck.Rows(Stores));
    }

    [Fact]
    public async Task Forget_UnknownLibrary_IsFalse() => Assert.False(await Stores.Libraries.ForgetAsync(17, Token));

    [Fact]
    public async Task Sweep_ManyAssets_RemovesEveryRowOfTheForgottenOnly()
    {
        var forgotten = await AddLibraryAsync("/forgotten", [.. Enumerable.Range(0, 5000).Select(index => $"{index}.jpg")]);
        var kept = await AddLibraryAsync("/kept", "a.jpg");
        await FailAsync((await ClaimAsync(await WorkerAsync(), Stage.Metadata, 1, IdOf(forgotten, "17.jpg"))).Single());
        await Stores.Libraries.SetSkippedAsync(forgotten.Id, [new SkippedPath("x", "y")], _ => true, Token);
        await Stores.Libraries.ForgetAsync(forgotten.Id, Token);

        await Stores.Forgotten.SweepAsync(Token);

        Assert.Equal(1, Scalar<long>("SELECT COUNT(*) FROM assets"));
        foreach (var table in new[] { "failures", "skipped" })
            Assert.Equal(0, Scalar<long>($"SELECT COUNT(*) FROM {table}"));
        Assert.Equal(1, Scalar<long>("SELECT COUNT(*) FROM folders"));
        Assert.Equal(AssetStatus.Pending, StatusOf(IdOf(kept, "a.jpg")));
        CountersAreTrue();
    }

    [Fact]
    public async Task Forget_ThenAddTheSameFolderBeforeTheSweep_StartsAfresh()
    {
        var before = await AddLibraryAsync("/photos", "a.jpg", "2024/b.jpg");
        var old = IdOf(before, "a.jpg");
        await Stores.Libraries.ForgetAsync(before.Id, Token);

        var after = await AddLibraryAsync("/photos", "a.jpg", "2024/b.jpg");

        Assert.NotEqual(old, IdOf(after, "a.jpg"));
        Assert.Equal(new StatusCounts(2, 0, 0, 0, 0), CountsOf(after.Id));
        Assert.Null(Stores.Assets.FindOrNull(old));
        await Stores.Forgotten.SweepAsync(Token);
        Assert.Equal(2, Scalar<long>("SELECT COUNT(*) FROM assets"));
        CountersAreTrue();
    }

    [Fact]
    public async Task Sweep_AfterRestart_GoesOnWhereItStopped()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        await Stores.Libraries.ForgetAsync(library.Id, Token);
        await RestartAsync();

        await Stores.Forgotten.SweepAsync(Token);

        Assert.Equal(0, Scalar<long>("SELECT COUNT(*) FROM assets"));
    }

    [Fact]
    public async Task Forget_WhileFollowed_EndsTheFeed()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        await using var feed = Stores.Feed.FollowAsync(library.Id, Token).GetAsyncEnumerator(Token);
        Assert.True(await feed.MoveNextAsync());
        var next = feed.MoveNextAsync();

        await Stores.Libraries.ForgetAsync(library.Id, Token);
        Time.Advance(ProgressFeed.MinimumInterval);

        Assert.False(await next);
    }
}

public sealed class SqliteForgettingTests : ForgettingContract;

[SharedServerTests]
public sealed class PostgresForgettingTests : ForgettingContract
{
    private protected override IStoreSource NewSource() => new PostgresStores();
}
