using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Work;

/// <summary>What a full disk does to results: they wait for room.</summary>
public sealed class SettlementTests : StoreContract
{
    [Fact]
    public async Task Finish_DiskFull_WaitsAndCommitsWhenThereIsRoom()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        var claims = await ClaimAsync(await WorkerAsync());
        await LimitPagesAsync(Scalar<long>("PRAGMA page_count"));

        var finishing = Stores.Settlement.FinishAsync(
            claims,
            AssetStatus.Indexed,
            (transaction, claim) => transaction.Connection.Execute(
                "INSERT INTO asset_details (asset_id, md5, description) VALUES (@id, x'00', @text)",
                ("@id", claim.AssetId), ("@text", new string('x', 500_000))),
            Token);
        var wait = await Time.NextTimerAsync();
        Assert.False(finishing.IsCompleted);
        Assert.Equal(new StatusCounts(1, 0, 0, 0, 0), CountsOf(library.Id));
        await LimitPagesAsync(1_000_000);
        Time.Advance(wait);

        await finishing;
        Assert.Equal(new StatusCounts(0, 1, 0, 0, 0), CountsOf(library.Id));
        CountersAreTrue();
    }

    [Fact]
    public async Task Finish_DiskFullAndTheProgramEnds_GivesUp()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var claims = await ClaimAsync(await WorkerAsync());
        using var giveUp = new CancellationTokenSource();

        var finishing = Stores.Settlement.FinishAsync(
            claims, AssetStatus.Indexed, (_, _) => throw new DatabaseUnavailableException("full"), giveUp.Token);
        await Time.NextTimerAsync();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => finishing);
        CountersAreTrue();
    }

    [Fact]
    public async Task Finish_WritingOneResultThrows_LeavesTheWholeBatchUndone()
    {
        await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        var claims = await ClaimAsync(await WorkerAsync());

        await Assert.ThrowsAsync<FormatException>(() => Stores.Settlement.FinishAsync(
            claims,
            AssetStatus.Indexed,
            (_, claim) =>
            {
                if (claim.Path == "b.jpg")
                    throw new FormatException("a mistake");
            },
            Token));

        Assert.All(claims, claim => Assert.Equal(AssetStatus.Pending, StatusOf(claim.AssetId)));
        CountersAreTrue();
    }

    private Task LimitPagesAsync(long pages) => Stores.Database.WriteAsync(
        transaction => transaction.Connection.QueryNumber($"PRAGMA max_page_count={pages}"), WriteUrgency.Urgent, Token);
}
