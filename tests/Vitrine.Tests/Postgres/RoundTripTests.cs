using System.Diagnostics;
using Vitrine.Progress;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Postgres;

/// <summary>A batch takes as many trips to the server as one picture: the network costs a batch nothing more.</summary>
[SharedServerTests]
public sealed class RoundTripTests : StoreContract
{
    private protected override IStoreSource NewSource() => new PostgresStores();

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public async Task Finish_ABatch_IsOneTripForTheFencesAndOneForTheResults(int count)
    {
        await AddLibraryAsync("/photos", [.. Enumerable.Range(0, count).Select(file => $"{file}.jpg")]);
        var claims = await ClaimAsync(await WorkerAsync(), count: count);

        var trips = await TripsAsync(() => Stores.Settlement.FinishAsync(
            claims,
            AssetStatus.Indexed,
            (transaction, claim) => transaction.Queue("UPDATE assets SET width = @width WHERE id = @id", ("@width", 1), ("@id", claim.AssetId)),
            Token));

        Assert.Equal(count, claims.Count);
        Assert.Equal(2, trips);
        CountersAreTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public async Task Release_ABatch_IsOneTrip(int count)
    {
        await AddLibraryAsync("/photos", [.. Enumerable.Range(0, count).Select(file => $"{file}.jpg")]);
        var claims = await ClaimAsync(await WorkerAsync(), count: count);

        Assert.Equal(1, await TripsAsync(() => Stores.Settlement.HandBackAsync([.. claims])));
        Assert.Equal(count, (await ClaimAsync(claims[0].Owner, count: count)).Count);
    }

    /// <summary>The driver tells of each command or batch that it sends; begin travels with the first, and of the commit it does not tell.</summary>
    private async Task<int> TripsAsync(Func<Task> work)
    {
        var database = Stores.Database.Read(connection => connection.Database);
        var trips = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.TagObjects.Any(tag => Equals(tag.Value, database)))
                    Interlocked.Increment(ref trips);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await work();
        return trips;
    }
}
