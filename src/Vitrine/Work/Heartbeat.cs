using Microsoft.Extensions.Logging;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>Beats from a thread of its own, so that a busy thread pool does not cost this process its claims.</summary>
internal sealed class Heartbeat : IDisposable
{
    private readonly Func<Task> _beat;
    private readonly ILogger _logger;
    private readonly ManualResetEventSlim _stopped = new();
    private readonly TimeSpan _interval;
    private readonly Thread _thread;

    /// <param name="beat">Extends the lease.</param>
    public Heartbeat(Func<Task> beat, ILogger logger, TimeSpan interval)
    {
        (_beat, _logger, _interval) = (beat, logger, interval);
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
            _ = _beat().ContinueWith(
                beat => _logger.Log(Outages.LevelOf(beat.Exception?.InnerException, LogLevel.Warning), beat.Exception, "A heartbeat could not be written"),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default);
        }
    }
}
