using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Postgres;

/// <summary>A claim takes what waits by its index, whatever the planner knows of the table and whether it keeps the plan.</summary>
[SharedServerTests]
public sealed class ClaimPlanTests : StoreContract
{
    private protected override IStoreSource NewSource() => new PostgresStores();

    [Theory]
    [InlineData("never analysed", "force_custom_plan")]
    [InlineData("never analysed", "force_generic_plan")]
    [InlineData("analysed", "force_custom_plan")]
    [InlineData("analysed", "force_generic_plan")]
    public async Task Claim_Plan_SeeksWhatWaitsAndLooksEachUp(string statistics, string plan)
    {
        var library = await AddLibraryAsync("/photos", [.. Enumerable.Range(0, 3000).Select(file => $"{file}.jpg")]);
        string[] parameters = ["@owner", "@status", "@working", "@now", "@group", "@after", "@count"];
        var claim = parameters.Index().Aggregate(
            ClaimStore.ClaimGroupSql(SqlDialect.Postgres), (sql, name) => sql.Replace(name.Item, $"${name.Index + 1}", StringComparison.Ordinal));
        var lines = await Stores.Database.WriteAsync(
            transaction =>
            {
                transaction.Connection.Execute(statistics == "analysed" ? "ANALYZE assets" : "SELECT 1");
                transaction.Connection.Execute($"SET LOCAL plan_cache_mode = {plan}");
                transaction.Connection.Execute($"PREPARE claim ({string.Join(',', parameters.Select(_ => "bigint"))}) AS {claim}");
                return transaction.Connection.Query($"EXPLAIN EXECUTE claim (1, 0, 0, 0, {library.TaskGroupId}, 0, 16)", row => row.GetString(0));
            },
            WriteUrgency.Urgent,
            Token);

        Assert.Contains(lines, line => line.Contains("Index Scan using assets_waiting on assets a", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Index Cond", StringComparison.Ordinal) && line.Contains("(id + 0) >", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("Seq Scan on assets", StringComparison.Ordinal) || line.Contains("Sort", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Claim_WhatWasGivenBackBehind_IsFoundWhenNothingIsLeftAheadOrASecondHasPassed()
    {
        await AddLibraryAsync("/photos", [.. Enumerable.Range(0, 40).Select(file => $"{file:d2}.jpg")]);
        var worker = await WorkerAsync();
        var first = await ClaimAsync(worker, count: 10);
        await ClaimAsync(worker, count: 10);
        await Stores.Settlement.HandBackAsync([.. first]);

        Assert.Empty(Ids(await ClaimAsync(worker, count: 10)).Intersect(Ids(first)));
        Time.Advance(TimeSpan.FromSeconds(1.5));
        var again = await ClaimAsync(worker, count: 10);
        Assert.Equal(Ids(first), Ids(again));
        Assert.Equal(10, (await ClaimAsync(worker, count: 10)).Count);

        await Stores.Settlement.HandBackAsync([.. again]);
        Assert.Equal(Ids(first), Ids(await ClaimAsync(worker)));
        Assert.Empty(await ClaimAsync(worker));
    }

    private static IEnumerable<long> Ids(IEnumerable<Claim> claims) => claims.Select(claim => claim.AssetId);
}
