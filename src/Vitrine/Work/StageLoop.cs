using Microsoft.Extensions.Logging;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>
/// Keeps one stage busy: claims small batches while there is room, visible assets first, and hands them on in units. A unit's
/// task settles its claims: finished, failed or released, and committed.
/// </summary>
/// <param name="stage">Which stage it claims for.</param>
/// <param name="owner">This process's worker id.</param>
/// <param name="unit">Claims per unit: 1, or a batch for an embedder.</param>
/// <param name="room">Claims in flight at most. Small: what a person looks at waits for no more than this.</param>
/// <param name="work">Settles a unit; cancelled when the grace time of a shutdown is over.</param>
internal sealed class StageLoop(
    Stage stage,
    long owner,
    int unit,
    int room,
    Func<IReadOnlyList<Claim>, CancellationToken, Task> work,
    IClaimStore claims,
    VisibleAssets visible,
    WorkSignal signal,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Every so many claims the oldest task group is served first, so that none starves.</summary>
    private const int OldestEvery = 4;

    /// <summary>Room for so many is awaited before the next claim: a commit per eight pictures instead of one per picture.</summary>
    private const int ClaimTogether = 8;

    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(5);

    /// <summary>How often visible assets of which nothing could be claimed are looked up again: they become ready for this stage.</summary>
    private static readonly TimeSpan s_visibleAgain = TimeSpan.FromMilliseconds(250);

    /// <summary>A stage that works in batches lets them fill for so long while the stage before it is busy.</summary>
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly HashSet<Task> _units = [];
    private readonly HashSet<Claim[]> _held = [];
    private readonly WorkSignal _freed = new(time);
    private int _inFlight;
    private long _servedReport;
    private long _servedAt;
    private int _rounds;

    // Something may be claimed that this loop knows nothing of: a commit's answer was lost, or claims could not be given back.
    private volatile bool _inDoubt;

    /// <summary>Claims until <paramref name="stopClaiming"/>, then waits for what is in flight.</summary>
    /// <param name="stopClaiming">The first step of a shutdown.</param>
    /// <param name="giveUp">The second: units hand their claims back.</param>
    public async Task RunAsync(CancellationToken stopClaiming, CancellationToken giveUp)
    {
        try
        {
            while (true)
            {
                await WaitForRoomAsync(stopClaiming);
                var (next, freed, looked) = (signal.Next, _freed.Next, time.GetUtcNow());
                var claimed = await ClaimAsync(stopClaiming);
                foreach (var chunk in claimed.Chunk(unit))
                    Start(chunk, giveUp);
                // A unit that ended may have given its claims back for later: then there is another time to wait for.
                if (claimed.Count == 0)
                    await signal.WaitAsync(Task.WhenAny(next, freed), UntilNextRetry(looked), stopClaiming);
                // Every commit of the stage before it is a signal: without the pause each would be answered by a claim, which is a commit too.
                if (unit > 1 && claimed.Count < unit)
                    await Task.Delay(s_gather, time, stopClaiming);
            }
        }
        catch (OperationCanceledException) when (stopClaiming.IsCancellationRequested)
        {
            await Task.WhenAll(UnitsInFlight());
        }
    }

    private async Task<IReadOnlyList<Claim>> ClaimAsync(CancellationToken stopClaiming)
    {
        var report = visible.Current;
        var served = report.Version == _servedReport && time.GetElapsedTime(_servedAt) < s_visibleAgain;
        var wanted = served ? [] : report.Ids;
        var count = Math.Max(unit, Math.Min(16, room - _inFlight));
        var oldest = _rounds++ % OldestEvery == OldestEvery - 1;
        try
        {
            if (_inDoubt)
                await ReleaseUnknownAsync(stopClaiming);
            // Who scrolls without end would hold up the oldest for ever: now and then a unit of it goes first.
            if (oldest && wanted.Count > 0 && await claims.ClaimAsync(owner, stage, unit, [], oldestFirst: true, stopClaiming) is { Count: > 0 } aged)
            {
                WorkMetrics.Claimed(stage, aged);
                return aged;
            }

            var claimed = await claims.ClaimAsync(owner, stage, count, wanted, oldest, stopClaiming);
            WorkMetrics.Claimed(stage, claimed);
            if (!served && claimed.Count(claim => claim.Visible) < count)
                (_servedReport, _servedAt) = (report.Version, time.GetTimestamp()); // nothing visible is left that could be claimed
            return claimed;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.Log(Outages.LevelOf(exception, LogLevel.Error), exception, "Claiming for {Stage} failed; trying again", stage);
            _inDoubt = true;
            await Task.Delay(RetryPolicy.Backoff(1), time, stopClaiming);
            return [];
        }
    }

    /// <summary>Here and nowhere else: what is being claimed is not in flight yet.</summary>
    private async Task ReleaseUnknownAsync(CancellationToken stopClaiming)
    {
        _inDoubt = false; // first: a unit that fails meanwhile raises it again
        List<(long, long)> held;
        lock (_gate)
            held = [.. _held.SelectMany(chunk => chunk).Select(claim => (claim.AssetId, claim.Number))];
        try
        {
            if (await claims.ReleaseUnknownAsync(owner, stage, held, stopClaiming) is var released and > 0)
                logger.LogInformation("Gave {Count} claims for {Stage} back that nobody was told of", released, stage);
        }
        catch
        {
            _inDoubt = true;
            throw;
        }
    }

    private async Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = _freed.Next;
            if (Volatile.Read(ref _inFlight) <= room - Math.Max(unit, Math.Min(ClaimTogether, room / 2)))
                return;
            await next.WaitAsync(cancellationToken);
        }
    }

    private void Start(Claim[] chunk, CancellationToken giveUp)
    {
        Interlocked.Add(ref _inFlight, chunk.Length);
        lock (_gate)
            _held.Add(chunk);
        var task = SettleAsync(chunk, giveUp);
        lock (_gate)
            _units.Add(task);
        _ = task.ContinueWith(
            ended =>
            {
                lock (_gate)
                    _units.Remove(ended);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task SettleAsync(Claim[] chunk, CancellationToken giveUp)
    {
        var began = time.GetTimestamp();
        try
        {
            await work(chunk, giveUp);
        }
        catch (Exception exception)
        {
            logger.Log(Outages.LevelOf(exception, LogLevel.Error), exception, "{Count} claims for {Stage} were left unsettled and are tried again", chunk.Length, stage);
            await GiveBackAsync(chunk);
        }
        finally
        {
            LetGo(chunk);
            WorkMetrics.Ended(stage, time.GetElapsedTime(began));
            Interlocked.Add(ref _inFlight, -chunk.Length);
            _freed.Pulse();
        }
    }

    /// <summary>Units settle their own troubles; what is left is a mistake in them, and it must not hold an asset for ever.</summary>
    private async Task GiveBackAsync(Claim[] chunk)
    {
        try
        {
            var later = time.GetUtcNow() + RetryPolicy.Backoff(chunk.Max(claim => claim.Attempt));
            await claims.ReleaseAsync(chunk, later, countAttempt: true, CancellationToken.None);
        }
        catch (Exception exception)
        {
            logger.Log(Outages.LevelOf(exception, LogLevel.Error), exception, "{Count} claims for {Stage} could not be given back; tried again before the next claim", chunk.Length, stage);
            LetGo(chunk);
            _inDoubt = true;
        }
    }

    private void LetGo(Claim[] chunk)
    {
        lock (_gate)
            _held.Remove(chunk);
    }

    private Task[] UnitsInFlight()
    {
        lock (_gate)
            return [.. _units];
    }

    /// <param name="looked">When nothing was found to claim.</param>
    private TimeSpan UntilNextRetry(DateTimeOffset looked)
    {
        try
        {
            if (claims.NextRetryOrNull(looked) is not { } retry)
                return s_idle;
            // Timers count whole milliseconds: rounded up, or it would wake just before the time.
            var wait = TimeSpan.FromMilliseconds(Math.Ceiling((retry - time.GetUtcNow()).TotalMilliseconds));
            return wait < s_shortest ? s_shortest : wait > s_idle ? s_idle : wait;
        }
        catch (DatabaseUnavailableException exception)
        {
            logger.Log(Outages.LevelOf(exception, LogLevel.Error), exception, "The next retry for {Stage} could not be read; trying again", stage);
            return s_idle;
        }
    }
}
