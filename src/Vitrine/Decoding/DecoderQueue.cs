namespace Vitrine.Decoding;

/// <summary>Requests that wait for a decoder: those a person waits for go first, otherwise in order. Thread-safe.</summary>
internal sealed class DecoderQueue : IDisposable
{
    private readonly Lock gate = new();
    private readonly LinkedList<DecoderJob> urgent = new();
    private readonly LinkedList<DecoderJob> ordinary = new();
    private readonly SemaphoreSlim waiting = new(0);
    private bool closed;

    public int Count => waiting.CurrentCount;

    /// <exception cref="ObjectDisposedException">The queue was closed.</exception>
    public void Add(DecoderJob job, bool isUrgent)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, typeof(DecoderPool));
            (isUrgent ? urgent : ordinary).AddLast(job);
        }
        waiting.Release();
    }

    /// <summary>Puts a request that was not begun back to the front; after the queue was closed it is cancelled.</summary>
    public void GiveBack(DecoderJob job)
    {
        lock (gate)
        {
            if (closed)
            {
                job.Cancel(new CancellationToken(canceled: true));
                return;
            }
            urgent.AddFirst(job);
        }
        waiting.Release();
    }

    /// <summary>The next request; waits for one.</summary>
    public async Task<DecoderJob> TakeAsync(CancellationToken cancellationToken)
    {
        await waiting.WaitAsync(cancellationToken);
        return TakeFirst();
    }

    /// <summary>The next request; null when none waits.</summary>
    public DecoderJob? TakeOrNull() => waiting.Wait(0, CancellationToken.None) ? TakeFirst() : null;

    /// <summary>Cancels all that wait; nothing can be added afterwards.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            foreach (var job in urgent.Concat(ordinary))
                job.Cancel(new CancellationToken(canceled: true));
        }
    }

    public void Dispose() => waiting.Dispose();

    private DecoderJob TakeFirst()
    {
        lock (gate)
        {
            var list = urgent.First is null ? ordinary : urgent;
            var job = list.First!.Value;
            list.RemoveFirst();
            return job;
        }
    }
}
