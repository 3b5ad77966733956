namespace Vitrine.Decoding;

/// <summary>Requests that wait for a decoder: those a person waits for go first, otherwise in order. Thread-safe.</summary>
internal sealed class DecoderQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LinkedList<DecoderJob> _urgent = new();
    private readonly LinkedList<DecoderJob> _ordinary = new();
    private readonly SemaphoreSlim _waiting = new(0);
    private bool _closed;

    public int Count => _waiting.CurrentCount;

    /// <exception cref="ObjectDisposedException">The queue was closed.</exception>
    public void Add(DecoderJob job, bool isUrgent)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(DecoderPool));
            (isUrgent ? _urgent : _ordinary).AddLast(job);
        }
        _waiting.Release();
    }

    /// <summary>Puts a request that was not begun back to the front; after the queue was closed it is cancelled.</summary>
    public void GiveBack(DecoderJob job)
    {
        lock (_gate)
        {
            if (_closed)
            {
                job.Cancel(new CancellationToken(canceled: true));
                return;
            }
            _urgent.AddFirst(job);
        }
        _waiting.Release();
    }

    /// <summary>The next request; waits for one.</summary>
    public async Task<DecoderJob> TakeAsync(CancellationToken cancellationToken)
    {
        await _waiting.WaitAsync(cancellationToken);
        return TakeFirst();
    }

    /// <summary>The next request; null when none waits.</summary>
    public DecoderJob? TakeOrNull() => _waiting.Wait(0, CancellationToken.None) ? TakeFirst() : null;

    /// <summary>Cancels all that wait; nothing can be added afterwards.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var job in _urgent.Concat(_ordinary))
                job.Cancel(new CancellationToken(canceled: true));
        }
    }

    public void Dispose() => _waiting.Dispose();

    private DecoderJob TakeFirst()
    {
        lock (_gate)
        {
            var list = _urgent.First is null ? _ordinary : _urgent;
            var job = list.First!.Value;
            list.RemoveFirst();
            return job;
        }
    }
}
