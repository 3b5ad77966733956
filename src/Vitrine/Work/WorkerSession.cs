using Microsoft.Extensions.Logging;

namespace Vitrine.Work;

/// <summary>This process on the list of workers: registered, kept alive by a heartbeat, taken off at the end.</summary>
internal sealed class WorkerSession(WorkerStore workers, ILogger<WorkerSession> logger) : IAsyncDisposable
{
    private Heartbeat? _heartbeat;

    /// <summary>The owner of this process's claims; 0 before it was registered.</summary>
    public long Id { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Id = await workers.RegisterAsync(cancellationToken);
        _heartbeat = new Heartbeat(workers, Id, logger, WorkerStore.HeartbeatInterval);
    }

    /// <summary>To be called when every claim was finished or given back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Id == 0)
            return;
        _heartbeat?.Dispose();
        await workers.UnregisterAsync(Id, CancellationToken.None);
        Id = 0;
    }
}
