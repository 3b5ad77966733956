using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Tests.Contracts;

public abstract class LibraryStoreContract : StoreContract
{
    [Fact]
    public async Task Add_NewPath_GivesLibraryAndScanningTaskGroup()
    {
        var (library, created) = await Stores.Libraries.AddAsync("/photos", " Holiday ", includeHidden: true, Token);

        Assert.True(created);
        Assert.Equal(("Holiday", "/photos", true, false, ManualTime.Start), (library.Name, library.Path, library.IncludeHidden, library.Paused, library.CreatedAt));
        Assert.Equal(library, Stores.Libraries.FindOrNull(library.Id));
        Assert.Equal([(library.Id, library.TaskGroupId)], Stores.Libraries.InterruptedScans().Select(scan => (scan.LibraryId, scan.TaskGroupId)));
        Assert.Equal(ProgressPhase.Scanning, Stores.Board.SnapshotOrNull(library.Id)!.Phase);
        Assert.Contains(new Announcement.LibraryChanged(library.Id), Stores.TakeHeard());
    }

    [Fact]
    public async Task Rename_Library_IsKeptAndToldOnce()
    {
        var (library, _) = await Stores.Libraries.AddAsync("/photos", "One", includeHidden: false, Token);
        Stores.TakeHeard();

        Assert.Equal(library with { Name = "Two" }, await Stores.Libraries.RenameAsync(library.Id, "Two", Token));
        Assert.Contains(new Announcement.LibraryChanged(library.Id), Stores.TakeHeard());
        Assert.Equal("Two", (await Stores.Libraries.RenameAsync(library.Id, "Two", Token))!.Name);
        Assert.Empty(Stores.TakeHeard()); // nothing changed
        Assert.Null(await Stores.Libraries.RenameAsync(99, "Two", Token));
        await RestartAsync();
        Assert.Equal("Two", Stores.Libraries.FindOrNull(library.Id)!.Name);
    }

    [Fact]
    public async Task Add_SamePathAgain_GivesTheSameLibrary()
    {
        var (first, _) = await Stores.Libraries.AddAsync("/photos", "One", includeHidden: false, Token);

        var (second, created) = await Stores.Libraries.AddAsync("/photos", "Two", includeHidden: true, Token);

        Assert.False(created);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Add_SamePathManyTimesAtOnce_CreatesOne()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Stores.Libraries.AddAsync("/photos", null, includeHidden: false, Token)));

        Assert.Single(added, answer => answer.Created);
        Assert.Single(added.Select(answer => answer.Library).Distinct());
    }

    [Theory]
    [InlineData("/home/me/Pictures", null, "Pictures")]
    [InlineData("/home/me/Pictures", "  ", "Pictures")]
    [InlineData("/home/me/\u001B[31mred\nname", null, "[31mred name")]
    [InlineData("/home/me/Zoe\u0308", null, "Zo\u00EB")]
    [InlineData("/", null, "/")]
    public async Task Add_WithoutName_TakesTheFoldersName(string path, string? name, string expected)
    {
        var (library, _) = await Stores.Libraries.AddAsync(path, name, includeHidden: false, Token);

        Assert.Equal(expected, library.Name);
    }

    [Fact]
    public async Task All_SeveralLibraries_AreOrderedByName()
    {
        foreach (var path in new[] { "/b", "/c", "/a" })
            await Stores.Libraries.AddAsync(path, null, includeHidden: false, Token);

        Assert.Equal(["a", "b", "c"], Stores.Libraries.All().Select(library => library.Name));
    }

    [Fact]
    public void FindOrNull_UnknownId_IsNull() => Assert.Null(Stores.Libraries.FindOrNull(17));

    [Fact]
    public async Task EndScan_EmptyFolder_IsCompleteWithZero()
    {
        var library = await AddLibraryAsync("/empty");

        var snapshot = Stores.Board.SnapshotOrNull(library.Id)!;
        Assert.Equal((ProgressStatus.Complete, ProgressPhase.Done, 0L), (snapshot.Status, snapshot.Phase, snapshot.Counts.Total));
        Assert.Empty(Stores.Libraries.InterruptedScans());
    }

    /// <summary>Found by the self-test: the end of a scan could not be written to a full disk, and the library scanned for ever.</summary>
    [Fact]
    public async Task EndScan_EndOfAnEarlierOneWasNeverWritten_EndsThatToo()
    {
        var (library, _) = await Stores.Libraries.AddAsync("/photos", null, includeHidden: false, Token);
        var later = await Stores.Libraries.BeginTaskGroupAsync(library.Id, Token);
        Assert.Equal([(library.Id, later)], Stores.Libraries.InterruptedScans().Select(scan => (scan.LibraryId, scan.TaskGroupId)));

        await Stores.Libraries.EndScanAsync(library.Id, later, Token);

        Assert.Empty(Stores.Libraries.InterruptedScans());
        Assert.False(Stores.Board.SnapshotOrNull(library.Id)!.Scanning);
        Assert.False(Stores.Board.SnapshotOrNull(library.TaskGroupId)!.Scanning);
    }

    [Fact]
    public async Task BeginTaskGroup_UnfinishedWorkInEarlierGroups_JoinsTheNewOne()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg", "c.jpg");
        var worker = await WorkerAsync();
        await FinishAsync(await ClaimAsync(worker, count: 1), AssetStatus.Indexed);
        await FinishAsync(await ClaimAsync(worker, Stage.Embedding, count: 1), AssetStatus.Ready);

        var group = await Stores.BeginScanAsync(library.Id, Token);

        Assert.Equal(new StatusCounts(2, 0, 0, 0, 0), CountsOf(group));
        Assert.Equal(new StatusCounts(0, 0, 0, 1, 0), CountsOf(library.TaskGroupId));
        Assert.Equal(group, Stores.Libraries.FindOrNull(library.Id)!.TaskGroupId);
        CountersAreTrue();
    }

    [Fact]
    public async Task BeginTaskGroup_WhileWorkIsClaimed_CountsItsEndInTheNewGroup()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        var worker = await WorkerAsync();
        var claimed = await ClaimAsync(worker);

        var group = await Stores.BeginScanAsync(library.Id, Token);
        await FinishAsync([claimed[0]], AssetStatus.Indexed);
        await FailAsync(claimed[1]);

        Assert.Equal(new StatusCounts(0, 1, 0, 0, 1), CountsOf(group));
        Assert.Equal(default, CountsOf(library.TaskGroupId));
        CountersAreTrue();
    }

    [Fact]
    public async Task SetPaused_PausedLibrary_IsShownAndKeptOverRestart()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");

        await Stores.Libraries.SetPausedAsync(library.Id, paused: true, Token);
        Assert.Equal(ProgressStatus.Paused, Stores.Board.SnapshotOrNull(library.Id)!.Status);
        Assert.Equal(ProgressStatus.Paused, Stores.Board.SnapshotOrNull(library.TaskGroupId)!.Status);
        await RestartAsync();

        Assert.True(Stores.Libraries.FindOrNull(library.Id)!.Paused);
        Assert.Equal(ProgressStatus.Paused, Stores.Board.SnapshotOrNull(library.Id)!.Status);
        Assert.Empty(await ClaimAsync(await WorkerAsync()));
        await Stores.Libraries.SetPausedAsync(library.Id, paused: false, Token);
        Assert.Single(await ClaimAsync(await WorkerAsync()));
    }

    [Fact]
    public async Task SetPaused_ThenANewGroup_IsPausedToo()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        await Stores.Libraries.SetPausedAsync(library.Id, paused: true, Token);

        var group = await RescanAsync(library, "a.jpg", "b.jpg");

        Assert.Equal(ProgressStatus.Paused, Stores.Board.SnapshotOrNull(group)!.Status);
    }

    [Fact]
    public async Task Cancel_WorkIsLeft_IsCancelledAndKeptOverRestart()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");

        await Stores.Libraries.CancelAsync(library.Id, Token);
        Assert.True(Stores.Board.SnapshotOrNull(library.Id)!.IsFinal);
        await RestartAsync();

        Assert.Equal(ProgressStatus.Cancelled, Stores.Board.SnapshotOrNull(library.Id)!.Status);
        Assert.Equal(ProgressStatus.Cancelled, Stores.Board.SnapshotOrNull(library.TaskGroupId)!.Status);
        Assert.Empty(await ClaimAsync(await WorkerAsync()));
    }

    [Fact]
    public async Task Cancel_ThenScanAgain_TakesTheWorkUp()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        await Stores.Libraries.CancelAsync(library.Id, Token);

        var group = await RescanAsync(library, "a.jpg");

        Assert.Equal(ProgressStatus.InProgress, Stores.Board.SnapshotOrNull(library.Id)!.Status);
        Assert.Equal(group, Assert.Single(await ClaimAsync(await WorkerAsync())).TaskGroupId);
        CountersAreTrue();
    }

    [Fact]
    public async Task Cancel_NothingLeft_StaysComplete()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        await WorkAsync(AssetStatus.Ready);

        await Stores.Libraries.CancelAsync(library.Id, Token);

        Assert.Equal(ProgressStatus.Complete, Stores.Board.SnapshotOrNull(library.Id)!.Status);
    }

    [Fact]
    public async Task RetryLibrary_WhileAScanRuns_LeavesTheLibraryScanning()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        await FailAsync((await ClaimAsync(await WorkerAsync())).Single());
        var scan = await Stores.BeginScanAsync(library.Id, Token);

        await Stores.RetryLibraryAsync(library.Id, Token);
        Assert.True(Stores.Board.SnapshotOrNull(library.Id)!.Scanning);
        await RestartAsync();
        Assert.True(Stores.Board.SnapshotOrNull(library.Id)!.Scanning);
        await Stores.Libraries.EndScanAsync(library.Id, scan, Token);

        Assert.False(Stores.Board.SnapshotOrNull(library.Id)!.Scanning);
    }

    [Fact]
    public async Task SetSkipped_Twice_KeepsTheSecondList()
    {
        var library = await AddLibraryAsync("/photos");
        await Stores.Libraries.SetSkippedAsync(library.Id, [new SkippedPath("old", "gone")], _ => true, Token);

        await Stores.Libraries.SetSkippedAsync(library.Id, [new SkippedPath("b", "a loop"), new SkippedPath("a\n\"'", "not UTF-8")], _ => true, Token);

        Assert.Equal([new SkippedPath("a\n\"'", "not UTF-8"), new SkippedPath("b", "a loop")], Stores.Libraries.Skipped(library.Id));
    }

    [Fact]
    public async Task InterruptedScans_AfterRestart_AreThoseThatDidNotEnd()
    {
        await AddLibraryAsync("/done");
        var (library, _) = await Stores.Libraries.AddAsync("/photos", null, includeHidden: false, Token);

        await RestartAsync();

        Assert.Equal([(library.Id, library.TaskGroupId)], Stores.Libraries.InterruptedScans().Select(scan => (scan.LibraryId, scan.TaskGroupId)));
        Assert.True(Stores.Board.SnapshotOrNull(library.Id)!.Scanning);
    }

    [Fact]
    public async Task BeginTaskGroup_EmptyGroupsOfLongAgo_AreForgotten()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        var worker = await WorkerAsync();
        await FinishAsync(await ClaimAsync(worker, count: 1), AssetStatus.Indexed);
        var second = await RescanAsync(library, "a.jpg", "b.jpg"); // takes over everything: the first is empty
        var scanning = await Stores.BeginScanAsync(library.Id, Token); // and the second
        Time.Advance(TaskGroups.KeptFor);
        Assert.NotNull(Stores.Board.SnapshotOrNull(second));
        Time.Advance(TimeSpan.FromSeconds(1));

        var newest = await Stores.BeginScanAsync(library.Id, Token);

        Assert.Null(Stores.Board.SnapshotOrNull(library.TaskGroupId));
        Assert.Null(Stores.Board.SnapshotOrNull(second));
        Assert.NotNull(Stores.Board.SnapshotOrNull(scanning)); // its scan has not ended
        Assert.Equal(2, CountsOf(newest).Total);
        Assert.Equal(2, Scalar<long>("SELECT COUNT(*) FROM task_groups"));
        Assert.Equal(3, Scalar<long>("SELECT COUNT(*) FROM progress"));
        CountersAreTrue();
    }

    [Fact]
    public async Task BeginTaskGroup_GroupWithAssets_IsKeptHoweverOld()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        await WorkAsync(AssetStatus.Ready);
        Time.Advance(TimeSpan.FromDays(365));

        await RescanAsync(library, "a.jpg");

        Assert.Equal(1, CountsOf(library.TaskGroupId).Ready);
        CountersAreTrue();
    }

    [Fact]
    public async Task TakeOver_VeryManyInSlices_MovesWhatWaitsAndWhatIsWorkedOn()
    {
        const int Files = 4500;
        var library = await AddLibraryAsync("/photos", [.. Enumerable.Range(0, Files).Select(file => $"{file:d4}.jpg")]);
        var worker = await WorkerAsync();
        await FinishAsync(await ClaimAsync(worker, count: 10), AssetStatus.Indexed);
        var held = await ClaimAsync(worker, count: 10);
        var embedding = await ClaimAsync(worker, Stage.Embedding, 5);
        var group = await Stores.Libraries.BeginTaskGroupAsync(library.Id, Token);

        await Stores.Groups.TakeOverAsync(library.Id, group, includeCancelled: true, Token);

        Assert.Equal(new StatusCounts(Files - 10, 5, 5, 0, 0), CountsOf(group));
        Assert.Equal(0, CountsOf(library.TaskGroupId).Total);
        await FinishAsync(held, AssetStatus.Indexed);
        await FinishAsync(embedding, AssetStatus.Ready);
        CountersAreTrue();
    }

    [Fact]
    public async Task TakeOver_WithoutWhatWasCancelled_LeavesItWhereItIs()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        await Stores.Libraries.CancelAsync(library.Id, Token);
        var group = await Stores.Libraries.BeginTaskGroupAsync(library.Id, Token);

        await Stores.Groups.TakeOverAsync(library.Id, group, includeCancelled: false, Token);

        Assert.Equal((2, 0), (CountsOf(library.TaskGroupId).Total, CountsOf(group).Total));
        Assert.Empty(await ClaimAsync(await WorkerAsync()));
    }
}

public sealed class SqliteLibraryStoreTests : LibraryStoreContract;

[SharedServerTests]
public sealed class PostgresLibraryStoreTests : LibraryStoreContract
{
    private protected override IStoreSource NewSource() => new PostgresStores();
}
