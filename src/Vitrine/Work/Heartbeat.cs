using Microsoft.Extensions.Logging;

namespace Vitrine.Work;

/// <summary>Extends this process's lease from a thread of its own, so that a busy thread pool does not cost it its claims.</summary>
internal sealed class Heartbeat : IDisposable
{
    private readonly WorkerStore _workers;
    private readonly long _worker;
    private readonly ILogger _logger;
    private readonly ManualResetEventSlim _stopped = new();
    private readonly TimeSpan _interval;
    private readonly Thread _thread;

    public Heartbeat(WorkerStore workers, long worker, ILogger logger, TimeSpan interval)
    {
        (_workers, _worker, _logger, _interval) = (workers, worker, logger, interval);
        _thread = new Thread(Beat) { Name = "heartbeat", IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _stopped.Set();
        _thread.Join();
        _stopped.Dispose();
    }

    private void Beat()
    {
        while (!_stopped.Wait(_interval))
        {
            // Handed over and not waited for: a slow commit must not delay the next beat.
            _ = _workers.HeartbeatAsync(_worker, CancellationToken.None).ContinueWith(
                beat => _logger.LogWarning(beat.Exception, "A heartbeat could not be written"),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default);
        }
    }
}
