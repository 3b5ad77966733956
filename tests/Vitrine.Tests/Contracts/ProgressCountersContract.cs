using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Tests.Contracts;

public abstract class ProgressCountersContract : StoreContract
{
    [Fact]
    public async Task Apply_ThroughAllPhases_IsExactPerLibraryAndGroup()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg", "c.jpg", "d.jpg");
        var worker = await WorkerAsync();
        var claims = await ClaimAsync(worker);
        await FinishAsync([.. claims.Take(2)], AssetStatus.Indexed);
        await FailAsync(claims[2]);
        await FinishAsync(await ClaimAsync(worker, Stage.Embedding, 1), AssetStatus.Ready);

        Assert.Equal(new StatusCounts(1, 1, 0, 1, 1), CountsOf(library.Id));
        Assert.Equal(new StatusCounts(1, 1, 0, 1, 1), CountsOf(library.TaskGroupId));
        CountersAreTrue();
    }

    [Fact]
    public async Task Apply_WorkRolledBack_ChangesNeitherRowNorBoard()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        var before = Stores.Board.SnapshotOrNull(library.Id);
        var changes = new CounterChanges();
        changes.Move(library.Id, library.TaskGroupId, AssetStatus.Pending, AssetStatus.Ready);

        await Assert.ThrowsAsync<FormatException>(() => Stores.Database.WriteAsync(
            transaction =>
            {
                Stores.Progress.Apply(transaction, changes);
                throw new FormatException("the work fails after the counters");
            },
            WriteUrgency.Urgent,
            Token));

        Assert.Equal(before, Stores.Board.SnapshotOrNull(library.Id));
        CountersAreTrue();
    }

    [Fact]
    public async Task Load_AfterRestart_ShowsTheSameWithTheSameVersions()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        await WorkAsync(AssetStatus.Indexed);
        await RescanAsync(library, "a.jpg", "b.jpg@2");
        var before = Shown(library.Id);

        await RestartAsync();

        Assert.Equal(before, Shown(library.Id));
        CountersAreTrue();
    }

    [Fact]
    public async Task Snapshot_OfLibraryAndGroup_NamesBoth()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        var group = await RescanAsync(library, "a.jpg");

        foreach (var id in new[] { library.Id, group })
        {
            var snapshot = Stores.Board.SnapshotOrNull(id)!;
            Assert.Equal((library.Id, group), (snapshot.LibraryId, snapshot.TaskGroupId));
        }

        Assert.Equal(library.TaskGroupId, Stores.Board.SnapshotOrNull(library.TaskGroupId)!.TaskGroupId);
        Assert.Null(Stores.Board.SnapshotOrNull(4711));
    }

    private List<ProgressSnapshot> Shown(long library) =>
        [.. CounterCheck.Rows(Stores).Select(row => Stores.Board.SnapshotOrNull(row.Id)! with { RatePerSecond = 0, EtaSeconds = null }).Where(snapshot => snapshot.LibraryId == library)];
}

public sealed class SqliteProgressCountersTests : ProgressCountersContract;

[SharedServerTests]
public sealed class PostgresProgressCountersTests : ProgressCountersContract
{
    private protected override IStoreSource NewSource() => new PostgresStores();
}
