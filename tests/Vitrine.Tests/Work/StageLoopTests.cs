using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Progress;
using Vitrine.Tests.Contracts;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work;

public sealed class StageLoopTests : StoreContract
{
    private readonly Channel<Unit> _units = Channel.CreateUnbounded<Unit>();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly VisibleAssets _visible;
    private readonly WorkSignal _signal;

    public StageLoopTests()
    {
        _signal = new WorkSignal(Time);
        _visible = new VisibleAssets(_signal);
    }

    [Fact]
    public async Task Run_MoreWaitsThanThereIsRoom_NeverHasMoreInFlight()
    {
        await AddLibraryAsync("/photos", Names(20));
        var running = await RunAsync(room: 3);
        var inFlight = new Queue<Unit>();
        var most = 0;
        for (var taken = 0; taken < 20; taken++)
        {
            inFlight.Enqueue(await NextAsync());
            while (_units.Reader.TryRead(out var more))
            {
                inFlight.Enqueue(more);
                taken++;
            }

            most = Math.Max(most, inFlight.Count);
            await FinishAsync(inFlight.Dequeue());
        }

        while (inFlight.TryDequeue(out var unit))
            await FinishAsync(unit);
        await StopAsync(running);
        Assert.InRange(most, 1, 3);
        Assert.Equal(20, Stores.Board.SnapshotOrNull(1)!.Counts.Indexed);
    }

    [Fact]
    public async Task Run_Batches_ComeInUnits()
    {
        await AddLibraryAsync("/photos", Names(7));
        var running = await RunAsync(room: 8, unit: 4);

        var sizes = new List<int>();
        for (var unit = 0; unit < 2; unit++)
        {
            var next = await NextAsync();
            sizes.Add(next.Claims.Count);
            await FinishAsync(next);
        }

        await StopAsync(running);
        Assert.Equal([4, 3], sizes);
    }

    [Fact]
    public async Task Run_VisibleAssets_ComeFirst()
    {
        var library = await AddLibraryAsync("/photos", Names(9));
        _visible.Seen([IdOf(library, "7.jpg"), IdOf(library, "5.jpg")]);
        var running = await RunAsync(room: 1);

        var order = await FinishNextAsync(3);
        var claimedAlready = await NextAsync();
        _visible.Seen([IdOf(library, "8.jpg")]);
        await FinishAsync(claimedAlready);
        order.AddRange(await FinishNextAsync(1));

        await StopAsync(running);
        Assert.Equal(["7.jpg", "5.jpg", "0.jpg", "8.jpg"], order);
    }

    [Fact]
    public async Task Run_VisibleAssetBecomesReadyForTheStageLater_JumpsTheQueueThen()
    {
        var library = await AddLibraryAsync("/photos", Names(9));
        var seen = IdOf(library, "8.jpg");
        var worker = await WorkerAsync();
        var claims = await ClaimAsync(worker);
        await FinishAsync([.. claims.Where(claim => claim.AssetId != seen)], AssetStatus.Indexed);
        _visible.Seen([seen]);
        var running = await RunAsync(room: 1, stage: Stage.Embedding);
        var first = await NextAsync();

        await FinishAsync([.. claims.Where(claim => claim.AssetId == seen)], AssetStatus.Indexed);
        Time.Advance(TimeSpan.FromMilliseconds(250));
        await FinishAsync(first);

        Assert.Equal(["8.jpg", "1.jpg"], await FinishNextAsync(2));
        await StopAsync(running);
    }

    [Fact]
    public async Task Run_TwoTaskGroups_ServesTheOldestNowAndThen()
    {
        await AddLibraryAsync("/old", [.. Names(8).Select(name => $"old{name}")]);
        await AddLibraryAsync("/new", [.. Names(8).Select(name => $"new{name}")]);
        var running = await RunAsync(room: 1);

        var order = await FinishNextAsync(8);

        await StopAsync(running);
        Assert.Equal(["new", "new", "new", "old", "new", "new", "new", "old"], order.Select(name => name[..3]));
    }

    [Fact]
    public async Task Run_RetryLater_ComesAgainWhenItsTimeHasCome()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var running = await RunAsync(room: 1);
        var first = await NextAsync();
        await Stores.Settlement.RetryLaterAsync(first.Claims.Single(), Stage.Metadata, "locked", Token);
        first.End();

        var (second, wait) = await NextInTimeAsync();

        Assert.InRange(wait, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1.6));
        Assert.Equal((first.Claims[0].AssetId, 2), (second.Claims[0].AssetId, second.Claims[0].Attempt));
        await FinishAsync(second);
        await StopAsync(running);
    }

    [Fact]
    public async Task Run_RetryIsDueInAPausedLibrary_DoesNotSpin()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        var claims = await ClaimAsync(await WorkerAsync());
        await Stores.Claims.ReleaseAsync(claims, Time.GetUtcNow() + TimeSpan.FromSeconds(1), countAttempt: true, Token);
        await Stores.Libraries.SetPausedAsync(library.Id, paused: true, Token);
        Time.Advance(TimeSpan.FromSeconds(2));

        var running = await RunAsync(room: 1);

        Assert.Equal(TimeSpan.FromSeconds(5), await Time.NextTimerAsync());
        await StopAsync(running);
    }

    [Fact]
    public async Task Run_UnitThrows_IsTriedAgainLater()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var running = await RunAsync(room: 1);
        (await NextAsync()).Throw(new InvalidOperationException("a mistake in the stage"));

        var (again, _) = await NextInTimeAsync();

        Assert.Equal(2, again.Claims.Single().Attempt);
        await FinishAsync(again);
        await StopAsync(running);
    }

    [Fact]
    public async Task Run_DatabaseIsAwayForAMoment_GoesOn()
    {
        var claims = new ClaimsOfADatabaseThatIsAway(Stores.Claims);
        var running = await RunAsync(room: 1, claims: claims);
        Time.Advance(await Time.NextTimerAsync()); // the claim failed
        Time.Advance(await Time.NextTimerAsync()); // the next retry could not be read
        await AddLibraryAsync("/photos", "a.jpg");
        _signal.Pulse();

        await FinishAsync(await NextAsync());
        await StopAsync(running);
    }

    [Fact]
    public async Task Run_Stopped_WaitsForWhatIsInFlightAndClaimsNoMore()
    {
        await AddLibraryAsync("/photos", Names(5));
        var running = await RunAsync(room: 1);
        var last = await NextAsync();

        await _stop.CancelAsync();
        Assert.False(running.IsCompleted);
        await FinishAsync(last);
        await running;

        Assert.False(_units.Reader.TryRead(out _));
        Assert.Equal(4, Stores.Board.SnapshotOrNull(1)!.Counts.Pending);
    }

    [Fact]
    public async Task Run_StoppedAndGivenUp_HandsBackWithoutSpendingTheAttempt()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var running = await RunAsync(room: 1);
        var last = await NextAsync();

        await _stop.CancelAsync();
        await _giveUp.CancelAsync();
        Assert.True(last.GiveUp.IsCancellationRequested);
        await Stores.Settlement.HandBackAsync([.. last.Claims]);
        last.End();
        await running;

        Assert.Equal(1, (await ClaimAsync(await WorkerAsync())).Single().Attempt);
    }

    private async Task<Task> RunAsync(int room, int unit = 1, Stage stage = Stage.Metadata, IClaimStore? claims = null)
    {
        var loop = new StageLoop(
            stage, await WorkerAsync(), unit, room, WorkAsync, claims ?? Stores.Claims, _visible, _signal, Time, NullLogger.Instance);
        return loop.RunAsync(_stop.Token, _giveUp.Token);
    }

    private Task WorkAsync(IReadOnlyList<Claim> claims, CancellationToken giveUp)
    {
        var unit = new Unit(claims, giveUp);
        _units.Writer.TryWrite(unit);
        return unit.Ended;
    }

    private ValueTask<Unit> NextAsync() => _units.Reader.ReadAsync(Token);

    /// <summary>The next unit and how long it took: time passes up to each timer that the loop waits for, of which there may be one for room too.</summary>
    private async Task<(Unit Unit, TimeSpan After)> NextInTimeAsync()
    {
        var (next, after) = (NextAsync().AsTask(), TimeSpan.Zero);
        while (!next.IsCompleted)
        {
            var timer = Time.NextTimerAsync().AsTask();
            if (await Task.WhenAny(next, timer) != timer)
                break;
            Time.Advance(await timer);
            after += await timer;
        }

        return (await next, after);
    }

    private async Task FinishAsync(Unit unit)
    {
        var target = unit.Claims[0].Status == AssetStatus.Pending ? AssetStatus.Indexed : AssetStatus.Ready;
        await FinishAsync(unit.Claims, target);
        unit.End();
    }

    private async Task<List<string>> FinishNextAsync(int count)
    {
        var names = new List<string>();
        while (names.Count < count)
        {
            var unit = await NextAsync();
            names.Add(unit.Claims.Single().Path);
            await FinishAsync(unit);
        }

        return names;
    }

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        // A claim that was under way when the loop was stopped still brings a unit.
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, _units.Reader.WaitToReadAsync(Token).AsTask());
            while (_units.Reader.TryRead(out var unit))
                unit.End();
        }

        await running;
        _stop.Dispose();
        _giveUp.Dispose();
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(index => $"{index}.jpg")];

    /// <summary>A unit of work that ends when the test says so.</summary>
    private sealed record Unit(IReadOnlyList<Claim> Claims, CancellationToken GiveUp)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        public void End() => _ended.TrySetResult();

        public void Throw(Exception exception) => _ended.TrySetException(exception);
    }
}
