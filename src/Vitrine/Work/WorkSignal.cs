namespace Vitrine.Work;

/// <summary>Wakes loops that found nothing to claim. A pulse between looking and waiting is not missed.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class WorkSignal(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Take it before looking for work, wait on it after finding none.</summary>
    public Task Next
    {
        get
        {
            lock (_gate)
                return _next.Task;
        }
    }

    public void Pulse()
    {
        TaskCompletionSource pulsed;
        lock (_gate)
            (pulsed, _next) = (_next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        pulsed.SetResult();
    }

    /// <summary>Returns at the pulse or after the time, whichever comes first.</summary>
    public async Task WaitAsync(Task next, TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(atMost, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // time to look again
        }
    }
}
