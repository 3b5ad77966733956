using Vitrine.Caching;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Tests.Contracts;

public abstract class ScanIntakeContract : StoreContract
{
    [Fact]
    public async Task TakeIn_NewFiles_ArePendingAndAnnouncedAfterwards()
    {
        var (library, _) = await Stores.Libraries.AddAsync("/photos", null, includeHidden: false, Token);
        Stores.TakeHeard();

        var changes = await ScanAsync(library.Id, library.TaskGroupId, "a.jpg", "b/c.jpg");

        Assert.Equal(new ScanChanges(2, 0, 0), changes);
        Assert.Equal(new StatusCounts(2, 0, 0, 0, 0), CountsOf(library.Id));
        Assert.Equal(
            [IdOf(library, "a.jpg"), IdOf(library, "b/c.jpg")],
            Stores.TakeHeard().OfType<Announcement.AssetsAdded>().SelectMany(added => added.AssetIds));
        CountersAreTrue();
    }

    [Fact]
    public async Task TakeIn_SameFilesAgain_ChangesNothing()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b/c.jpg");
        Stores.TakeHeard();

        var group = await Stores.BeginScanAsync(library.Id, Token);
        var changes = await ScanAsync(library.Id, group, "a.jpg", "b/c.jpg");

        Assert.Equal(default, changes);
        Assert.DoesNotContain(Stores.TakeHeard(), heard => heard is not Announcement.LibraryChanged);
    }

    [Theory]
    [InlineData(AssetStatus.Indexed)]
    [InlineData(AssetStatus.Embedding)]
    [InlineData(AssetStatus.Ready)]
    public async Task TakeIn_ChangedFile_IsPendingAgainInTheNewGroup(AssetStatus before)
    {
        var library = await AddLibraryAsync("/photos", "a.jpg@1");
        await WorkAsync(before);
        var id = IdOf(library, "a.jpg");
        Stores.TakeHeard();

        var group = await RescanAsync(library, "a.jpg@2");

        Assert.Equal(AssetStatus.Pending, StatusOf(id));
        Assert.Equal(id, IdOf(library, "a.jpg"));
        Assert.Equal(new StatusCounts(1, 0, 0, 0, 0), CountsOf(group));
        Assert.Equal(default, CountsOf(library.TaskGroupId));
        Assert.Contains(Stores.TakeHeard(), heard => heard is Announcement.AssetsChanged changed && changed.AssetIds.SequenceEqual([id]));
        CountersAreTrue();
    }

    [Fact]
    public async Task TakeIn_VanishedFilesAndFolders_AreRemoved()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg", "gone/c.jpg", "gone/deep/d.jpg");
        await WorkAsync(AssetStatus.Ready);
        long[] gone = [IdOf(library, "b.jpg"), IdOf(library, "gone/c.jpg"), IdOf(library, "gone/deep/d.jpg")];
        Stores.TakeHeard();

        await RescanAsync(library, "a.jpg");

        Assert.Equal(gone, Stores.TakeHeard().OfType<Announcement.AssetsRemoved>().SelectMany(removed => removed.AssetIds).Order());
        Assert.All(gone, id => Assert.Null(Stores.Assets.FindOrNull(id)));
        Assert.Equal(new StatusCounts(0, 0, 0, 1, 0), CountsOf(library.Id));
        CountersAreTrue();
    }

    [Fact]
    public async Task SettleTouched_EditedOrNeverRead_ArePendingAgainAndOthersStay()
    {
        string[] names = ["away.jpg", "edited.jpg", "failed.jpg", "same.jpg", "worked-on.jpg"];
        var library = await AddLibraryAsync("/photos", names);
        long[] all = [.. names.Select(name => IdOf(library, name))];
        var (away, edited, failed, same, workedOn) = (all[0], all[1], all[2], all[3], all[4]);
        var claims = await ClaimAsync(await WorkerAsync());
        await FailAsync(claims.Single(claim => claim.AssetId == failed));
        await FinishAsync([.. claims.Where(claim => claim.AssetId != failed && claim.AssetId != workedOn)], AssetStatus.Ready);
        await Stores.Database.WriteAsync(transaction => transaction.Connection.Execute("UPDATE assets SET sha256 = @hash WHERE status = 3", ("@hash", new byte[32])), WriteUrgency.Urgent, Token);
        ScannedFiles Seen(long changedAt) => new("", [.. names.Select(name => Scanned(name) with { ChangedAt = changedAt })], IsLast: true);

        var first = new ScanSession(library.Id, await Stores.BeginScanAsync(library.Id, Token));
        Assert.Equal(default, await Stores.Intake.TakeInAsync(first, [Seen(5)], Token));
        Assert.Empty(first.Touched); // it was not known before: it is remembered, and says nothing
        var second = new ScanSession(library.Id, await Stores.BeginScanAsync(library.Id, Token));
        await Stores.Intake.TakeInAsync(second, [Seen(7)], Token);
        Assert.Equal(all.Order(), second.Touched.Keys.Order());

        var touched = Stores.Intake.TouchedAssets(second.Touched.Keys);
        Assert.Equal(names, touched.Select(asset => asset.Path).Order(StringComparer.Ordinal));
        var compared = new Dictionary<long, bool> { [edited] = false, [same] = true }; // the others could not be read, or never were
        Assert.Equal(new ScanChanges(0, 3, 0), await Stores.Intake.SettleTouchedAsync(second, touched, compared, Token));

        Assert.Equal((AssetStatus.Pending, AssetStatus.Pending, AssetStatus.Ready), (StatusOf(edited), StatusOf(failed), StatusOf(same)));
        await FinishAsync([claims.Single(claim => claim.AssetId == workedOn)], AssetStatus.Ready); // of what it held before: too late
        Assert.Equal((AssetStatus.Ready, AssetStatus.Pending), (StatusOf(away), StatusOf(workedOn)));
        var third = new ScanSession(library.Id, await Stores.BeginScanAsync(library.Id, Token));
        await Stores.Intake.TakeInAsync(third, [Seen(7)], Token);
        Assert.Equal([away], third.Touched.Keys); // is compared next time
        CountersAreTrue();
    }

    [Fact]
    public async Task BeginReturned_GoneAndThereAgain_IsPendingAndOthersStay()
    {
        string[] names = ["damaged.jpg", "away/unmet.jpg", "back/returned.jpg", "back/still-gone.jpg"];
        var library = await AddLibraryAsync("/photos", names);
        var (damaged, unmet, returned, stillGone) = (IdOf(library, names[0]), IdOf(library, names[1]), IdOf(library, names[2]), IdOf(library, names[3]));
        foreach (var claim in await ClaimAsync(await WorkerAsync()))
            await FailAsync(claim, reason: claim.AssetId == damaged ? "damaged: its end is missing" : "gone");
        var session = new ScanSession(library.Id, await Stores.BeginScanAsync(library.Id, Token));
        ScannedFiles[] found = [new("", [Scanned("damaged.jpg")], IsLast: true), new("back", [Scanned("returned.jpg")], IsLast: true)];
        await Stores.Intake.TakeInAsync(session, found, Token);

        var changes = await Stores.Intake.BeginReturnedAsync(session, Token);

        Assert.Equal(new ScanChanges(0, 1, 0), changes);
        Assert.Equal(AssetStatus.Pending, StatusOf(returned));
        Assert.All([damaged, unmet, stillGone], id => Assert.Equal(AssetStatus.Failed, StatusOf(id)));
        Assert.Null(Stores.Failures.FindOrNull(returned));
        Assert.Equal([damaged, unmet, stillGone], Stores.Failures.Page(library.Id, 0, 10).Items.Select(failure => failure.AssetId).Order());
        CountersAreTrue();
    }

    [Fact]
    public async Task GatherVanishedFolders_UnreadFolder_KeepsItsAssets()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "locked/b.jpg");
        var session = new ScanSession(library.Id, await Stores.BeginScanAsync(library.Id, Token));
        await Stores.Intake.TakeInAsync(session, [new ScannedFiles("", [Scanned("a.jpg")], IsLast: true)], Token);

        var changes = await SettleAsync(session, folder => folder != "locked");

        Assert.Equal(default, changes);
        Assert.Equal(AssetStatus.Pending, StatusOf(IdOf(library, "locked/b.jpg")));
    }

    [Fact]
    public async Task TakeIn_FolderInSeveralChunks_MissesOnlyAfterTheLast()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg", "c.jpg");
        var session = new ScanSession(library.Id, await Stores.BeginScanAsync(library.Id, Token));

        var first = await Stores.Intake.TakeInAsync(session, [new ScannedFiles("", [Scanned("c.jpg")], IsLast: false)], Token);
        var last = await Stores.Intake.TakeInAsync(session, [new ScannedFiles("", [Scanned("a.jpg"), Scanned("d.jpg")], IsLast: true)], Token);

        Assert.Equal((default, new ScanChanges(1, 0, 0)), (first, last));
        Assert.Equal([IdOf(library, "b.jpg")], session.Vanished.Keys);
        Assert.Equal(new ScanChanges(0, 0, 1), await SettleAsync(session, _ => true));
        Assert.Null(Stores.Assets.FindByPathOrNull(library.Id, "b.jpg"));
        CountersAreTrue();
    }

    [Fact]
    public async Task TakeIn_WorkGoesOnBetweenTheChunksOfAFolder_KeepsTheCountersTrue()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg@1", "b.jpg@1", "c.jpg@1");
        var session = new ScanSession(library.Id, await Stores.BeginScanAsync(library.Id, Token));
        await Stores.Intake.TakeInAsync(session, [new ScannedFiles("", [Scanned("a.jpg@1")], IsLast: false)], Token);
        Time.Advance(TimeSpan.FromSeconds(6)); // the first seconds are the scan's alone
        await WorkAsync(AssetStatus.Ready);

        await Stores.Intake.TakeInAsync(session, [new ScannedFiles("", [Scanned("b.jpg@2")], IsLast: true)], Token);

        Assert.Equal(new StatusCounts(1, 0, 0, 2, 0), CountsOf(library.Id));
        await SettleAsync(session, _ => true);
        Assert.Equal(new StatusCounts(1, 0, 0, 1, 0), CountsOf(library.Id));
        CountersAreTrue();
    }

    [Theory]
    [InlineData(AssetStatus.Pending)]
    [InlineData(AssetStatus.Embedding)]
    public async Task Move_AssetThatIsWorkedOn_FencesTheClaimAndKeepsTheStatus(AssetStatus status)
    {
        var library = await AddLibraryAsync("/photos", "a/one.jpg");
        var id = IdOf(library, "a/one.jpg");
        if (status == AssetStatus.Embedding)
            await WorkAsync(AssetStatus.Indexed);
        var claim = Assert.Single(await ClaimAsync(await WorkerAsync(), status == AssetStatus.Pending ? Stage.Metadata : Stage.Embedding));
        var session = new ScanSession(library.Id, await Stores.Libraries.BeginTaskGroupAsync(library.Id, Token));
        await Stores.Intake.TakeInAsync(session, [new ScannedFiles("b", [Scanned("two.jpg")], IsLast: true)], Token);

        var changes = await SettleAsync(session, _ => true, new MovedFile(id, IdOf(library, "b/two.jpg")));
        await Stores.Libraries.EndScanAsync(library.Id, session.TaskGroupId, Token);
        await FinishAsync([claim], AssetStatus.Ready); // too late

        Assert.Equal(new ScanChanges(-1, 0, 0, 1), changes);
        Assert.Equal((id, status), (IdOf(library, "b/two.jpg"), StatusOf(id)));
        Assert.Equal(id, Assert.Single(await ClaimAsync(await WorkerAsync(), status == AssetStatus.Pending ? Stage.Metadata : Stage.Embedding)).AssetId);
        CountersAreTrue();
    }

    [Fact]
    public async Task Claim_OfflineLibrary_IsPassedOver()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        await Stores.Libraries.SetOfflineAsync(library.Id, "is not there", Token);
        Assert.Empty(await ClaimAsync(await WorkerAsync(), visible: [IdOf(library, "a.jpg")]));

        Assert.True(await Stores.Libraries.SetOnlineAsync(library.Id, null, Token));

        Assert.Equal(1, Assert.Single(await ClaimAsync(await WorkerAsync())).Attempt);
    }

    [Fact]
    public async Task TakeIn_FolderShowsAFileTwice_TakesItOnce()
    {
        var (library, _) = await Stores.Libraries.AddAsync("/photos", null, includeHidden: false, Token);

        await ScanAsync(library.Id, library.TaskGroupId, "a.jpg", "a.jpg", "b.jpg");
        var again = await ScanAsync(library.Id, library.TaskGroupId, "a.jpg", "a.jpg", "b.jpg", "c.jpg");

        Assert.Equal(new ScanChanges(1, 0, 0), again);
        Assert.Equal(3, CountsOf(library.Id).Total);
        CountersAreTrue();
    }

    [Fact]
    public async Task TakeIn_AfterRemovals_NeverGivesAnIdTwice()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        var last = IdOf(library, "b.jpg");
        await RescanAsync(library, "a.jpg");
        await RestartAsync();

        await RescanAsync(library, "a.jpg", "b.jpg");

        Assert.True(IdOf(library, "b.jpg") > last);
    }

    [Fact]
    public async Task TakeIn_Fails_LeavesNothingBehind()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        var session = new ScanSession(library.Id, library.TaskGroupId);
        var impossible = new ScannedFile(null!, AssetKind.Image, 1, 1);

        await Assert.ThrowsAsync<ArgumentNullException>(() => Stores.Intake.TakeInAsync(session, [new ScannedFiles("", [Scanned("b.jpg"), impossible], IsLast: true)], Token));

        Assert.Null(Stores.Assets.FindByPathOrNull(library.Id, "b.jpg"));
        Assert.Equal(1, Stores.Browse.Count(library.Id));
        CountersAreTrue();
    }

    [Fact]
    public async Task ArrivedAs_SeenByAnInterruptedScanAndGoneSince_IsNobodysNewPlace()
    {
        var library = await AddLibraryAsync("/photos", "a/1.jpg@5");
        var interrupted = new ScanSession(library.Id, library.TaskGroupId);
        await Stores.Intake.TakeInAsync(interrupted, [new ScannedFiles("b", [Scanned("1.jpg@5")], IsLast: true)], Token);
        var (first, second) = (IdOf(library, "a/1.jpg"), IdOf(library, "b/1.jpg"));

        var session = new ScanSession(library.Id, library.TaskGroupId);
        await Stores.Intake.TakeInAsync(session, [new ScannedFiles("c", [Scanned("1.jpg@5")], IsLast: true)], Token);
        Stores.Intake.GatherVanishedFolders(session, _ => true);
        var arrived = Stores.Intake.ArrivedAs(session, session.Vanished.Values.Select(vanished => vanished.Stamp).ToHashSet());

        Assert.Equal([first, second], session.Vanished.Keys.Order());
        Assert.Equal("c/1.jpg", Assert.Single(arrived).Path);
    }
}

public sealed class SqliteScanIntakeTests : ScanIntakeContract;

[SharedServerTests]
public sealed class PostgresScanIntakeTests : ScanIntakeContract
{
    private protected override IStoreSource NewSource() => new PostgresStores();
}
