using Vitrine.Caching;
using Vitrine.Progress;
using Vitrine.Tests.Postgres;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Contracts;

public abstract class FailureContract : StoreContract
{
    [Fact]
    public async Task Fail_HeldClaim_KeepsStageReasonAttemptsAndTime()
    {
        var library = await AddLibraryAsync("/photos", "2024/a.jpg");
        Time.Advance(TimeSpan.FromMinutes(1));
        await FailAsync((await ClaimAsync(await WorkerAsync())).Single(), reason: "not a picture: it begins with 'hello'");

        var (total, items) = Stores.Failures.Page(library.Id, 0, 10);
        var failure = Assert.Single(items);

        Assert.Equal(1, total);
        Assert.Equal(("2024/a.jpg", Stage.Metadata, new FailureReason(FailureClass.NotAPicture, "it begins with 'hello'"), 1), (failure.Path, failure.Stage, failure.Reason, failure.Attempts));
        Assert.Equal(ManualTime.Start + TimeSpan.FromMinutes(1), failure.FailedAt);
        Assert.Equal(failure, Stores.Failures.FindOrNull(failure.AssetId));
        Assert.Equal(ProgressStatus.Complete, Stores.Board.SnapshotOrNull(library.Id)!.Status);
        CountersAreTrue();
    }

    [Fact]
    public async Task Fail_LostClaim_LeavesNoFailure()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg@1");
        var lost = (await ClaimAsync(await WorkerAsync())).Single();
        await RescanAsync(library, "a.jpg@2");

        await FailAsync(lost);

        Assert.Equal(0, Stores.Failures.Page(library.Id, 0, 10).Total);
        CountersAreTrue();
    }

    [Fact]
    public async Task Page_SeveralLibraries_GivesTheSliceOfOneOrOfAll()
    {
        var one = await AddLibraryAsync("/one", "a.jpg", "b.jpg", "c.jpg");
        var two = await AddLibraryAsync("/two", "d.jpg");
        foreach (var claim in await ClaimAsync(await WorkerAsync()))
            await FailAsync(claim);

        Assert.Equal((3, "b.jpg"), (Stores.Failures.Page(one.Id, 1, 1).Total, Stores.Failures.Page(one.Id, 1, 1).Items.Single().Path));
        Assert.Equal("d.jpg", Stores.Failures.Page(two.Id, 0, 10).Items.Single().Path);
        Assert.Equal(["a.jpg", "b.jpg", "c.jpg", "d.jpg"], Stores.Failures.Page(null, 0, 10).Items.Select(failure => failure.Path));
        Assert.Equal(4, Stores.Failures.Page(null, 10, 10).Total);
    }

    [Fact]
    public async Task Page_LibraryForgotten_NoLongerCountsItsFailures()
    {
        var forgotten = await AddLibraryAsync("/forgotten", "a.jpg");
        await FailAsync((await ClaimAsync(await WorkerAsync())).Single());

        await Stores.Libraries.ForgetAsync(forgotten.Id, Token);

        Assert.Equal(0, Stores.Failures.Page(null, 0, 10).Total);
        Assert.Equal(0, await Stores.RetryLibraryAsync(forgotten.Id, Token));
    }

    [Theory]
    [InlineData(Stage.Metadata, AssetStatus.Pending)]
    [InlineData(Stage.Embedding, AssetStatus.Indexed)]
    public async Task Retry_FailedAsset_GoesBackToItsStageWithFreshAttempts(Stage stage, AssetStatus expected)
    {
        await AddLibraryAsync("/photos", "a.jpg");
        if (stage == Stage.Embedding)
            await WorkAsync(AssetStatus.Indexed);
        var worker = await WorkerAsync();
        var claim = (await ClaimAsync(worker, stage)).Single();
        await FailAsync(claim, stage);
        Stores.TakeHeard();

        Assert.NotNull(await Stores.Retries.RetryAsync(claim.AssetId, Token));

        Assert.Equal(expected, StatusOf(claim.AssetId));
        Assert.Null(Stores.Failures.FindOrNull(claim.AssetId));
        Assert.Contains(Stores.TakeHeard(), heard => heard is Announcement.AssetsChanged);
        CountersAreTrue();
        Assert.Equal(1, (await ClaimAsync(worker, stage)).Single().Attempt);
    }

    [Fact]
    public async Task Retry_AssetThatDidNotFail_ChangesNothing()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");

        Assert.Null(await Stores.Retries.RetryAsync(IdOf(library, "a.jpg"), Token));
        Assert.Equal(library.TaskGroupId, Stores.Libraries.FindOrNull(library.Id)!.TaskGroupId);
    }

    [Fact]
    public async Task RetryLibrary_CancelledBefore_WorksOnTheFailedOnesOnly()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        var worker = await WorkerAsync();
        await FailAsync((await ClaimAsync(worker, count: 1)).Single());
        await Stores.Libraries.CancelAsync(library.Id, Token);

        Assert.Equal(1, await Stores.RetryLibraryAsync(library.Id, Token));

        Assert.Equal(ProgressStatus.InProgress, Stores.Board.SnapshotOrNull(library.Id)!.Status);
        var claims = await ClaimAsync(worker);
        Assert.Equal("a.jpg", Assert.Single(claims).Path);
        await FinishAsync(claims, AssetStatus.Ready);
        Assert.Equal(ProgressStatus.Cancelled, Stores.Board.SnapshotOrNull(library.Id)!.Status);
        CountersAreTrue();
    }

    [Fact]
    public async Task Groups_SeveralReasons_AreCountedTheMostFrequentFirst()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg", "c.jpg", "d.jpg");
        var other = await AddLibraryAsync("/other", "e.jpg");
        var claims = (await ClaimAsync(await WorkerAsync())).ToDictionary(claim => claim.Path);
        await FailAsync(claims["a.jpg"], reason: "damaged: bad marker at 17");
        await FailAsync(claims["b.jpg"], reason: "took too long: no answer within 60 s");
        await FailAsync(claims["c.jpg"], reason: "damaged: bad marker at 99");
        await FailAsync(claims["d.jpg"], reason: "cut off: premature end");
        await FailAsync(claims["e.jpg"], reason: "damaged: bad marker at 4");

        var groups = Stores.Failures.Groups(library.Id);

        Assert.Equal([(FailureClass.Damaged, 2L), (FailureClass.CutOff, 1L), (FailureClass.TookTooLong, 1L)], groups.Select(group => (group.Class, group.Count)));
        Assert.Equal(new FailureReason(FailureClass.Damaged, "bad marker at 17"), groups[0].Example);
        Assert.Equal((3, 1), (Stores.Failures.Groups(null)[0].Count, Stores.Failures.Groups(other.Id)[0].Count));
        foreach (var damaged in new[] { "damaged", "Damaged", FailureReason.SentenceOf(FailureClass.Damaged) })
            Assert.Equal(["a.jpg", "c.jpg"], Stores.Failures.Page(library.Id, 0, 10, damaged).Items.Select(item => item.Path));
        Assert.Equal((1, 0), (Stores.Failures.Page(library.Id, 0, 10, "cut_off").Total, Stores.Failures.Page(library.Id, 0, 10, "damage").Total));
    }

    [Fact]
    public async Task RetryLibrary_OneReason_LeavesTheOthersFailed()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg", "c.jpg");
        var claims = await ClaimAsync(await WorkerAsync());
        await FailAsync(claims[0], reason: "took too long: no answer within 60 s");
        await FailAsync(claims[1], reason: "damaged: bad marker");
        await FailAsync(claims[2], reason: "took too long: no answer within 12 s");

        Assert.Equal(2, await Stores.RetryLibraryAsync(library.Id, Token, "took_too_long"));

        Assert.Equal("b.jpg", Assert.Single(Stores.Failures.Page(library.Id, 0, 10).Items).Path);
        Assert.Equal(0, await Stores.RetryLibraryAsync(library.Id, Token, "took_too_long"));
        CountersAreTrue();
    }

    [Fact]
    public async Task RetryLibrary_VeryMany_ArePutBackInSlicesOnceEach()
    {
        const int Files = 2500;
        var library = await AddLibraryAsync("/photos", [.. Enumerable.Range(0, Files).Select(file => $"{file:d4}.jpg")]);
        var claims = await ClaimAsync(await WorkerAsync(), count: Files);
        await Stores.Database.WriteAsync(
            transaction =>
            {
                var changes = new CounterChanges();
                Stores.Claims.Settle(transaction, [.. claims.Select(claim => new Outcome(claim, AssetStatus.Failed, (Stage.Metadata, "damaged")))], changes);
                Stores.Progress.Apply(transaction, changes);
            },
            Vitrine.Storage.WriteUrgency.Urgent,
            Token);
        var snapshots = new List<ProgressSnapshot>();
        using var listening = Stores.Announcements.Subscribe(heard =>
        {
            if (heard is Announcement.AssetsChanged && Stores.Board.SnapshotOrNull(Stores.Libraries.FindOrNull(library.Id)!.TaskGroupId) is { } snapshot)
                snapshots.Add(snapshot);
        });

        Assert.Equal(Files, await Stores.RetryLibraryAsync(library.Id, Token));

        Assert.Equal(Files, CountsOf(library.Id).Pending);
        Assert.InRange(snapshots.Count, 3, 10);
        Assert.All(snapshots, snapshot => Assert.False(snapshot.IsFinal));
        Assert.False(Stores.Board.SnapshotOrNull(Stores.Libraries.FindOrNull(library.Id)!.TaskGroupId)!.Scanning);
        Assert.Equal($"{Files:N0} put back", Stores.NamedJobs.FindOrNull(Vitrine.Work.FailureRetries.JobName(library.Id))!.Result);
        CountersAreTrue();
    }

    [Fact]
    public async Task Retry_OneAfterTheOther_ShareOneTaskGroup()
    {
        await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        var claims = await ClaimAsync(await WorkerAsync());
        foreach (var claim in claims)
            await FailAsync(claim);

        var first = await Stores.Retries.RetryAsync(claims[0].AssetId, Token);
        var second = await Stores.Retries.RetryAsync(claims[1].AssetId, Token);

        Assert.Equal(first, second);
        Assert.Equal(2, CountsOf(first!.Value).Pending);
        CountersAreTrue();
    }

    /// <summary>Who saw a library's work end listens no more until it hears that the library has changed, and then looks at the board.</summary>
    [Fact]
    public async Task Retry_EachTime_IsToldOnceTheBoardKnowsThatWorkGoesOn()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        var worker = await WorkerAsync();
        var claims = await ClaimAsync(worker);
        foreach (var claim in claims)
            await FailAsync(claim);
        var told = ProgressStatus.Complete;
        using var listening = Stores.Announcements.Subscribe(announcement =>
        {
            if (announcement is Announcement.LibraryChanged)
                told = Stores.Board.SnapshotOrNull(library.Id)!.Status;
        });

        Func<Task>[] retries = [.. claims.Select<Claim, Func<Task>>(claim => () => Stores.Retries.RetryAsync(claim.AssetId, Token)), () => Stores.RetryLibraryAsync(library.Id, Token)];
        foreach (var retry in retries)
        {
            told = ProgressStatus.Complete;
            await retry();
            Assert.Equal(ProgressStatus.InProgress, told);
            foreach (var claim in await ClaimAsync(worker))
                await FailAsync(claim);
        }

        CountersAreTrue();
    }

    [Fact]
    public async Task ChangedFile_ThatHadFailed_LosesItsFailure()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg@1");
        await FailAsync((await ClaimAsync(await WorkerAsync())).Single());

        await RescanAsync(library, "a.jpg@2");

        Assert.Equal(0, Stores.Failures.Page(library.Id, 0, 10).Total);
        CountersAreTrue();
    }
}

public sealed class SqliteFailureTests : FailureContract;

[SharedServerTests]
public sealed class PostgresFailureTests : FailureContract
{
    private protected override IStoreSource NewSource() => new PostgresStores();
}
