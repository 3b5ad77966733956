using Microsoft.Extensions.Logging;

namespace Vitrine.Work;

/// <summary>
/// This process on the list of workers: registered, kept alive by a heartbeat, taken off at the end. With each heartbeat it rescues what
/// dead processes of any machine held.
/// </summary>
internal sealed class WorkerSession(
    WorkerStore workers, IClaimStore claims, Settlement settlement, WorkSignal signal, ThisWorker worker, WorkOptions options, TimeProvider time, ILogger<WorkerSession> logger)
    : IAsyncDisposable
{
    private Heartbeat? _heartbeat;
    private long _beatAt;
    private long _settledThen;
    private Task _beating = Task.CompletedTask;

    /// <summary>The owner of this process's claims; 0 before it was registered.</summary>
    public long Id
    {
        get => worker.Id;
        private set => worker.Id = value;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Id = await workers.RegisterAsync(cancellationToken);
        (_beatAt, _settledThen) = (time.GetTimestamp(), settlement.Settled);
        _heartbeat = new Heartbeat(() => _beating = BeatAsync(), logger, options.HeartbeatInterval);
    }

    /// <summary>To be called when every claim was finished or given back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Id == 0)
            return;
        _heartbeat?.Dispose();
        // A beat on its way would put this process back on the list.
        await _beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await workers.UnregisterAsync(Id, CancellationToken.None);
        Id = 0;
    }

    private async Task BeatAsync()
    {
        var seconds = time.GetElapsedTime(_beatAt).TotalSeconds;
        var settled = settlement.Settled;
        var rate = seconds > 0 ? (settled - _settledThen) / seconds : 0;
        (_beatAt, _settledThen) = (time.GetTimestamp(), settled);
        await workers.HeartbeatAsync(Id, rate, CancellationToken.None);
        if (await claims.RescueAsync(CancellationToken.None) is var rescued and > 0)
        {
            logger.LogInformation("Took up {Count} assets that a stopped process had claimed", rescued);
            signal.Pulse();
        }
    }
}
