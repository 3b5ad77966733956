using System.Diagnostics;
using Vitrine.Storage;
using Vitrine.Tests.Postgres;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Contracts;

public abstract class WorkerContract : StoreContract
{
    [Fact]
    public async Task Rescue_LiveWorkerWithHeartbeats_KeepsItsClaims()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var worker = await WorkerAsync();
        await ClaimAsync(worker);
        for (var beat = 0; beat < 10; beat++)
        {
            Time.Advance(WorkerStore.HeartbeatInterval);
            await Stores.Workers.HeartbeatAsync(worker, 0, Token);
        }

        Assert.Equal(0, await Stores.Claims.RescueAsync(Token));
        Assert.Empty(await ClaimAsync(worker));
    }

    [Fact]
    public async Task Rescue_LeaseOver_ReleasesAndForgetsTheWorker()
    {
        await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        await ClaimAsync(await WorkerAsync());

        Time.Advance(WorkerStore.Lease);
        Assert.Equal(0, await Stores.Claims.RescueAsync(Token));
        Time.Advance(TimeSpan.FromTicks(10));
        Assert.Equal(2, await Stores.Claims.RescueAsync(Token));

        Assert.Equal(0, Scalar<long>("SELECT COUNT(*) FROM workers"));
        Assert.All(await ClaimAsync(await WorkerAsync()), claim => Assert.Equal(2, claim.Attempt));
    }

    [Fact]
    public async Task Rescue_ProcessOfThisHostIsGone_ReleasesAtOnce()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        await ClaimAsync(await ForeignWorkerAsync(Environment.MachineName, await EndedProcessAsync()));

        Assert.Equal(1, await Stores.Claims.RescueAsync(Token));
    }

    [Fact]
    public async Task Rescue_ProcessIdGivenToAnotherSince_ReleasesAtOnce()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        using var self = Process.GetCurrentProcess();
        var before = new DateTimeOffset(self.StartTime.ToUniversalTime(), TimeSpan.Zero) - TimeSpan.FromMinutes(1);
        await ClaimAsync(await ForeignWorkerAsync(Environment.MachineName, Environment.ProcessId, before));

        Assert.Equal(1, await Stores.Claims.RescueAsync(Token));
    }

    [Fact]
    public async Task Rescue_WorkerOfAnotherHost_KeepsItsClaimsWhileItsLeaseHolds()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        await ClaimAsync(await ForeignWorkerAsync("another host", await EndedProcessAsync()));

        Assert.Equal(0, await Stores.Claims.RescueAsync(Token));
        Time.Advance(WorkerStore.Lease + TimeSpan.FromTicks(10));
        Assert.Equal(1, await Stores.Claims.RescueAsync(Token));
    }

    [Fact]
    public async Task Rescue_WorkerLeftTheListWithAClaim_ReleasesIt()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var worker = await WorkerAsync();
        await ClaimAsync(worker);
        await Stores.Workers.UnregisterAsync(worker, Token);

        Assert.Equal(1, await Stores.Claims.RescueAsync(Token));
        Assert.Single(await ClaimAsync(await WorkerAsync()));
    }

    [Fact]
    public async Task Heartbeat_OfAWorkerThatSleptPastItsLease_BringsItBackWithoutItsClaims()
    {
        await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        var sleeper = await WorkerAsync();
        var lost = await ClaimAsync(sleeper);
        Time.Advance(WorkerStore.Lease + TimeSpan.FromTicks(10));
        var other = await WorkerAsync();
        await Stores.Claims.RescueAsync(Token);
        var taken = await ClaimAsync(other);

        await Stores.Workers.HeartbeatAsync(sleeper, 1.5, Token);
        await Stores.Claims.ReleaseAsync([.. lost], notBefore: null, countAttempt: false, Token);

        Assert.Equal(2, taken.Count);
        Assert.Equal(
            [(sleeper, 1.5, 0L), (other, 0d, 2L)],
            Stores.Workers.All().Select(worker => (worker.Id, worker.Rate, worker.Claims)));
        Assert.True(await WorkerAsync() > other); // its own id was not taken from the next
    }

    [Fact]
    public async Task Register_AfterUnregister_NeverGivesAnIdTwice()
    {
        var first = await WorkerAsync();
        await Stores.Workers.UnregisterAsync(first, Token);

        Assert.True(await WorkerAsync() > first);
    }

    private Task<long> ForeignWorkerAsync(string host, int process, DateTimeOffset? started = null) => Stores.Database.WriteAsync(
        transaction => transaction.Connection.QueryNumber(
            "INSERT INTO workers (host, process_id, started_at, lease_until) VALUES (@host, @process, @started, @until) RETURNING id",
            ("@host", host), ("@process", process), ("@started", (started ?? Time.GetUtcNow()).ToStored()),
            ("@until", (Time.GetUtcNow() + WorkerStore.Lease).ToStored())),
        WriteUrgency.Urgent,
        Token);

    private static async Task<int> EndedProcessAsync()
    {
        using var process = Process.Start(new ProcessStartInfo("true"))!;
        await process.WaitForExitAsync(Token);
        return process.Id;
    }
}

public sealed class SqliteWorkerTests : WorkerContract;

[SharedServerTests]
public sealed class PostgresWorkerTests : WorkerContract
{
    private protected override IStoreSource NewSource() => new PostgresStores();
}
