using FsCheck;
using FsCheck.Fluent;
using Vitrine.Progress;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Progress;

public sealed class ProgressBoardTests
{
    private const long Library = 1;
    private const long Group = 2;

    private readonly ManualTime _time = new();
    private readonly ProgressBoard _board;
    private long _version;

    public ProgressBoardTests()
    {
        _board = new ProgressBoard(_time);
    }

    [Theory]
    [InlineData(5, 0, 0, true, ProgressPhase.Scanning, ProgressStatus.InProgress)]
    [InlineData(0, 0, 0, true, ProgressPhase.Scanning, ProgressStatus.InProgress)]
    [InlineData(5, 5, 0, false, ProgressPhase.Metadata, ProgressStatus.InProgress)]
    [InlineData(0, 5, 1, false, ProgressPhase.Embedding, ProgressStatus.InProgress)]
    [InlineData(0, 0, 3, false, ProgressPhase.Done, ProgressStatus.Complete)]
    [InlineData(0, 0, 0, false, ProgressPhase.Done, ProgressStatus.Complete)]
    public void Snapshot_AnyState_HasTheEarliestPhaseWithWork(
        int pending, int indexed, int ready, bool scanning, ProgressPhase phase, ProgressStatus status)
    {
        Show(Group, new StatusCounts(pending, indexed, 0, ready, 1), scanning);

        Assert.Equal((phase, status, scanning), (Shown.Phase, Shown.Status, Shown.Scanning));
    }

    [Fact]
    public void Snapshot_AnyCounts_AddUpToTheTotal() =>
        Prop.ForAll<byte[]>(parts =>
        {
            var next = 0;
            byte Part() => next < parts.Length ? parts[next++] : (byte)0;
            Show(Group, new StatusCounts(Part(), Part(), Part(), Part(), Part()), scanning: Part() % 2 == 0);
            var counts = Shown.Counts;
            return counts.Pending + counts.Indexed + counts.Embedding + counts.Ready + counts.Failed == counts.Total
                && Shown.IsFinal == (!Shown.Scanning && counts.Ready + counts.Failed == counts.Total);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Snapshot_OlderStateComesLate_IsIgnored()
    {
        Show(Group, new StatusCounts(0, 5, 0, 0, 0), scanning: false);
        var late = new ScopeState(new StatusCounts(5, 0, 0, 0, 0), false, false, false, 0, _version - 1, _time.GetUtcNow());
        _board.Update(Group, Library, _ => late);

        Assert.Equal(5, Shown.Counts.Indexed);
    }

    [Fact]
    public void Snapshot_LibraryWithACancelledAndALiveGroup_IsInProgressUntilOnlyTheCancelledIsLeft()
    {
        Show(Library, new StatusCounts(2, 0, 0, 0, 0), scanning: false, newest: 3);
        Show(Group, new StatusCounts(1, 0, 0, 0, 0), scanning: false, cancelled: true);
        Show(3, new StatusCounts(1, 0, 0, 0, 0), scanning: false);

        Assert.Equal(ProgressStatus.InProgress, _board.SnapshotOrNull(Library)!.Status);
        Show(Library, new StatusCounts(1, 0, 0, 1, 0), scanning: false, newest: 3);
        Show(3, new StatusCounts(0, 0, 0, 1, 0), scanning: false);
        Assert.Equal(ProgressStatus.Cancelled, _board.SnapshotOrNull(Library)!.Status);
    }

    [Fact]
    public void Snapshot_SteadyWork_TellsRateAndTimeLeft()
    {
        Show(Group, new StatusCounts(100, 0, 0, 0, 0), scanning: false);
        for (var second = 1; second <= 4; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Show(Group, new StatusCounts(100 - (second * 10), second * 5, 0, second * 5, 0), scanning: false);
        }

        Assert.Equal(10, Shown.RatePerSecond, 6);
        Assert.Equal(80 / 5.0, Shown.EtaSeconds!.Value, 6); // 80 are not settled, and 5 a second are
    }

    [Fact]
    public void Snapshot_WorkStalls_HasNoRateAndNoTimeLeft()
    {
        Show(Group, new StatusCounts(10, 0, 0, 0, 0), scanning: false);
        _time.Advance(TimeSpan.FromSeconds(1));
        Show(Group, new StatusCounts(5, 0, 0, 5, 0), scanning: false);
        Assert.True(Shown.RatePerSecond > 0);

        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal((0, null), (Shown.RatePerSecond, Shown.EtaSeconds));
    }

    [Fact]
    public void Snapshot_Scanning_HasTheRateOfFindingAndNoTimeLeft()
    {
        Show(Group, new StatusCounts(0, 0, 0, 0, 0), scanning: true);
        _time.Advance(TimeSpan.FromSeconds(2));
        Show(Group, new StatusCounts(1000, 0, 0, 0, 0), scanning: true);

        Assert.Equal(500, Shown.RatePerSecond, 6);
        Assert.Null(Shown.EtaSeconds);
    }

    [Fact]
    public void Snapshot_CountFallsAfterARetry_NeverHasANegativeRate()
    {
        Show(Group, new StatusCounts(0, 0, 0, 5, 5), scanning: false);
        _time.Advance(TimeSpan.FromSeconds(1));
        Show(Group, new StatusCounts(5, 0, 0, 5, 0), scanning: false);

        Assert.Equal(0, Shown.RatePerSecond);
        Assert.Null(Shown.EtaSeconds);
    }

    private ProgressSnapshot Shown => _board.SnapshotOrNull(Group)!;

    private void Show(long id, StatusCounts counts, bool scanning, long newest = 0, bool cancelled = false) => _board.Update(
        id, Library, _ => new ScopeState(counts, scanning, Paused: false, cancelled, newest, ++_version, _time.GetUtcNow()));
}
