using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Vitrine.Tests.Postgres;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Sharing;

/// <summary>Two machines whose clocks are ten minutes apart, five on either side of the database's.</summary>
[Collection(nameof(ProcessTests))]
public sealed class ClockSkewTests : IAsyncLifetime
{
    private readonly SamplePictures _pictures = new();
    private PostgresTestDatabase _test = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _test = await SharedPostgres.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        _pictures.Dispose();
        await _test.DisposeAsync();
    }

    /// <summary>By its own clock, one would take the other for a process that died long ago.</summary>
    [Fact]
    public async Task Work_OfBothAtOnce_NobodyTakesTheOthersClaims()
    {
        _pictures.Jpeg("hang.jpg", 40, 30, seed: 99);
        var (time, other) = (new ManualTime(), new ManualTime()); // both stand still: what hangs, hangs for as long as the test lasts
        await using var ahead = Machine(5, faults: "hang:hang.jpg", time);
        await using var behind = Machine(-5, faults: "hang:hang.jpg", other);
        await ahead.StartAsync();
        await behind.StartAsync();
        var library = await ahead.AddAsync(_pictures.Folder);
        // In the decoder of either; the others come after that, so that none of them waits behind it in the same decoder.
        await (await Task.WhenAny(HangingDecoder.HangsAsync(time), HangingDecoder.HangsAsync(other))).OrTooLateAsync();
        for (var i = 0; i < 12; i++)
            _pictures.Jpeg($"{i}.jpg", 40, 30, seed: i);
        await ahead.ScanAsync(library);
        await ahead.ScannedAsync(library);
        var owner = Number(ahead, "SELECT claim_owner FROM assets WHERE name = 'hang.jpg'");
        var began = Number(ahead, "SELECT MIN(heartbeat_at) FROM workers");

        // Both beat, and look for dead ones with each beat: here at once, and not when a third of the lease has passed.
        foreach (var engine in (Engine[])[ahead, behind, ahead, behind])
        {
            await engine.Get<WorkerStore>().HeartbeatAsync(engine.Get<ThisWorker>().Id, 0, Token);
            Assert.Equal(0, await engine.Get<IClaimStore>().RescueAsync(Token));
        }

        Assert.InRange(Number(ahead, "SELECT MIN(heartbeat_at) FROM workers"), began + 1, long.MaxValue);

        Assert.Equal((owner, 1), (Number(ahead, "SELECT claim_owner FROM assets WHERE name = 'hang.jpg'"), Number(ahead, "SELECT claims FROM assets WHERE name = 'hang.jpg'")));
        await UntilAsync(ahead, "SELECT COUNT(*) FROM assets WHERE status = 3", ready => ready == 12);
        Assert.Equal(1, Number(ahead, "SELECT MAX(claims) FROM assets WHERE status = 3")); // embedded as they were read
        Assert.Equal(2, Number(ahead, "SELECT COUNT(*) FROM workers WHERE lease_until BETWEEN (EXTRACT(EPOCH FROM clock_timestamp()) - 120) * 1e6 AND (EXTRACT(EPOCH FROM clock_timestamp()) + 180) * 1e6"));
        foreach (var engine in (Engine[])[ahead, behind])
        {
            var updated = engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!.UpdatedAt;
            Assert.InRange(updated, Now(engine) - TimeSpan.FromMinutes(4), Now(engine) + TimeSpan.FromMinutes(4));
        }
    }

    [Theory]
    [InlineData(5, -5)]
    [InlineData(-5, 5)]
    public async Task RetryLater_ByOne_TheOtherClaimsWhenTheTimeHasPassed(int first, int second)
    {
        await using var here = Machine(first);
        await using var there = Machine(second);
        _pictures.Jpeg("a.jpg", 40, 30);
        var library = await here.AddAsync(_pictures.Folder);
        await here.ScannedAsync(library);
        var claim = Assert.Single(await ClaimAsync(here));

        await here.Get<Settlement>().RetryLaterAsync(claim, Stage.Metadata, "locked", Token);

        var notBefore = StoredTime.FromStored(Number(here, "SELECT not_before FROM assets"));
        Assert.InRange(notBefore, Now(here) - TimeSpan.FromMinutes(4), Now(here) + TimeSpan.FromMinutes(1)); // not in ten minutes
        await UntilAsync(here, $"SELECT COUNT(*) FROM assets WHERE not_before <= (EXTRACT(EPOCH FROM clock_timestamp()) * 1e6) - 500000", passed => passed == 1);
        // Its measure of the database's clock is as exact as the answer was fast.
        IReadOnlyList<Claim> again = [];
        await Patience.UntilAsync(async () => (again = await ClaimAsync(there)).Count > 0);
        Assert.Equal(2, Assert.Single(again).Attempt);
    }

    [Theory]
    [InlineData(5, -5)]
    [InlineData(-5, 5)]
    public async Task Job_OfOne_IsTheOthersOnlyWhenItsLeaseIsOver(int first, int second)
    {
        await using var here = Machine(first);
        await using var there = Machine(second);
        var gone = await here.Get<WorkerStore>().RegisterAsync(Token); // and never beats again
        await here.Get<JobStore>().BeginAsync(new Job("scan:1", JobStatus.Running, Now(here)) { Traits = JobTraits.Resumable }, gone, Token);

        Assert.True(there.Get<NamedJobs>().IsRunning("scan:1"));
        await there.Get<JobStore>().TakeUpInterruptedAsync(Token);
        Assert.Equal(JobStatus.Running, there.Get<JobStore>().FindOrNull("scan:1")!.Status);
        await there.Database.WriteAsync(
            transaction => transaction.Connection.Execute("UPDATE workers SET lease_until = (EXTRACT(EPOCH FROM clock_timestamp()) - 1) * 1e6"), WriteUrgency.Urgent, Token);
        await there.Get<JobStore>().TakeUpInterruptedAsync(Token);

        Assert.Equal(JobStatus.Queued, there.Get<JobStore>().FindOrNull("scan:1")!.Status);
    }

    private Engine Machine(int minutes, string? faults = null, TimeProvider? decoderTime = null)
    {
        var engine = new Engine(
            faults: faults, decoding: HangingDecoder.Options, shared: _test.ConnectionString, machine: new SkewedTime(TimeSpan.FromMinutes(minutes)), decoderTime: decoderTime);
        engine.Get<SharedClock>().Measure();
        return engine;
    }

    private static async Task<IReadOnlyList<Claim>> ClaimAsync(Engine engine)
    {
        var worker = await engine.Get<WorkerStore>().RegisterAsync(Token);
        return await engine.Get<IClaimStore>().ClaimAsync(worker, Stage.Metadata, 10, [], oldestFirst: false, Token);
    }

    private static DateTimeOffset Now(Engine engine) =>
        StoredTime.FromStored(Number(engine, "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT"));

    private static long Number(Engine engine, string sql) => engine.Database.Read(connection => connection.QueryNumber(sql));

    private static Task UntilAsync(Engine engine, string sql, Func<long, bool> reached) => Patience.UntilAsync(() => reached(Number(engine, sql)));
}
