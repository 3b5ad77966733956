using Vitrine.Libraries;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Storage;

/// <summary>The statements that run while a library of a million is worked on find their rows by an index, and never read all of them.</summary>
public sealed class QueryPlanTests : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Stores _stores;

    public QueryPlanTests()
    {
        _stores = new SqliteStores().Open(_folder.FullPath, new ManualTime());
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void ClaimOfAGroup_Plan_WalksWhatWaitsInOrderWithoutSorting()
    {
        var plan = Uses(
            ClaimStore.ClaimGroupSql(SqlDialect.Sqlite),
            "SEARCH a USING INDEX assets_waiting (task_group_id=? AND status=? AND id>?)",
            "SEARCH assets USING INTEGER PRIMARY KEY (rowid=?)");

        Assert.DoesNotContain(plan, line => line.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    [Fact]
    public void ClaimOfVisible_Plan_LooksEachUpById() => Uses(
        ClaimStore.ClaimVisibleSql(SqlDialect.Sqlite, [1, 2, 3], []), "SEARCH a USING INTEGER PRIMARY KEY (rowid=?)", "SEARCH assets USING INTEGER PRIMARY KEY (rowid=?)");

    [Fact]
    public void Rescue_Plan_ReadsClaimedRowsOnly() => Uses(ClaimStore.RescueSql(SqlDialect.Sqlite), "assets_claimed");

    [Fact]
    public void NextRetry_Plan_SeeksOneEntry() => Uses(ClaimStore.NextRetrySql, "SEARCH assets USING COVERING INDEX assets_held_back (not_before>?)");

    [Fact]
    public void TakeOver_Plan_ReadsWaitingAndClaimedRowsOnly()
    {
        Uses(TaskGroups.TakeWaitingSql(SqlDialect.Sqlite), "SEARCH a USING INDEX assets_waiting (task_group_id=? AND status=?)");
        Uses(TaskGroups.TakeClaimedSql, "assets_claimed");
    }

    [Fact]
    public void WaitingGroups_Plan_ReadsOnlyThoseWithWork() => Assert.DoesNotContain(
        Uses(ClaimStore.WaitingGroupsSql(SqlDialect.Sqlite, "pending", oldestFirst: false, []), "progress_unfinished", "SEARCH g USING INTEGER PRIMARY KEY (rowid=?)"),
        line => line.Contains("TEMP B-TREE", StringComparison.Ordinal));

    [Fact]
    public void EmptyGroups_Plan_ReadsTheLibrarysGroups() => Uses(TaskGroups.EmptySql, "SEARCH g USING INDEX task_groups_by_library (library_id=?)");

    [Theory]
    [InlineData(null)]
    [InlineData("damaged")]
    public void RetryOfALibrary_Plan_GoesOnByIdWithoutSorting(string? reason) => Assert.DoesNotContain(
        Uses(FailureRetries.LibrarySliceSql(SqlDialect.Sqlite, 1, reason), "SEARCH x USING INDEX failures_by_library (library_id=? AND asset_id>?)"),
        line => line.Contains("TEMP B-TREE", StringComparison.Ordinal));

    [Fact]
    public void FailuresByReason_Plan_ReadsTheIndexOnly()
    {
        Uses(FailureStore.GroupsSql(1), "SEARCH x USING COVERING INDEX failures_by_reason (library_id=?)");
        Uses(FailureStore.CountSql(1, "damaged"), "failures_by_reason");
    }

    [Fact]
    public void FailuresOfALibrary_Plan_SeeksThem()
    {
        Uses(FailureStore.CountSql(1), "SEARCH x USING COVERING INDEX failures_by_library (library_id=?)");
        Uses(FailureStore.PageSql(1), "SEARCH x USING INDEX failures_by_library (library_id=?)", "SEARCH a USING INTEGER PRIMARY KEY");
        Uses(FailureStore.CountSql(null), "SEARCH x USING COVERING INDEX failures_by_library (library_id=?)");
    }

    [Fact]
    public void PageOfAssets_Plan_LooksEachUpById() => Uses(
        $"{AssetStore.SelectSql} WHERE a.id IN {SqlIds.In([1, 2, 3])}", "SEARCH a USING INTEGER PRIMARY KEY (rowid=?)", "SEARCH f USING INTEGER PRIMARY KEY (rowid=?)", "SEARCH x USING INTEGER PRIMARY KEY (rowid=?)");

    [Fact]
    public void OrderOfArrival_Plan_ReadsTheIndexOfTheLibraryWithoutSorting()
    {
        var plan = Uses(BrowseIndex.ArrivalSql, "SEARCH assets USING COVERING INDEX assets_by_library (library_id=?)");

        Assert.DoesNotContain(plan, line => line.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    [Fact]
    public void Sweep_Plan_SeeksEachLibraryOnce()
    {
        Uses(ForgottenAssets.FindSql(SqlDialect.Sqlite), "SEARCH assets USING COVERING INDEX assets_by_library");
        Uses(ForgottenAssets.DeleteSql(SqlDialect.Sqlite), "SEARCH a USING COVERING INDEX assets_by_library (library_id=?)");
    }

    /// <summary>The plan names each of these steps, and reads no table of assets from end to end.</summary>
    private List<string> Uses(string sql, params string[] steps)
    {
        var plan = _stores.Database.Read(connection => connection.Query(
            $"EXPLAIN QUERY PLAN {sql}",
            row => row.GetString(3),
            [.. Parameters(sql).Select(name => (name, (object?)1L))]));
        Assert.All(steps, step => Assert.Contains(plan, line => line.Contains(step, StringComparison.Ordinal)));
        Assert.DoesNotContain(plan, line => line is "SCAN assets" or "SCAN a" or "SCAN x" or "SCAN failures");
        return plan;
    }

    private static IEnumerable<string> Parameters(string sql) =>
        System.Text.RegularExpressions.Regex.Matches(sql, "@[a-zA-Z]+").Select(match => match.Value).Distinct();
}
