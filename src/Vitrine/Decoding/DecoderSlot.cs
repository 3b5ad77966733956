using Vitrine.Decoding.Confinement;

namespace Vitrine.Decoding;

/// <summary>
/// One place for a decoder in the pool: starts it when there is work, keeps two requests in it so that it never idles, and replaces it.
/// </summary>
/// <remarks>
/// A decoder answers in order, so when it dies the oldest request is the one it was working on: that caller gets the exception,
/// the others go back to the queue untouched.
/// </remarks>
internal sealed class DecoderSlot(
    DecoderQueue queue, DecoderCommand command, DecoderOptions options, long itemMemoryLimit, (string Variable, string Value)? library, TimeProvider time)
{
    private const int Depth = 2;
    private readonly Queue<DecoderJob> _inFlight = new();
    private DecoderProcess? _process;
    private long _began;
    private uint _nextId;
    private uint _headId;
    private int _itemsOfProcess;
    private long _residentBytes, _items, _starts, _restarts, _recycled;

    public bool IsAlive => Volatile.Read(ref _process) is not null;

    public string? LibraryVersion { get; private set; }

    /// <summary>What holds the last decoder back that was started; null before.</summary>
    public DecoderConfinement? ConfinementOrNull { get; private set; }

    /// <summary>Why no decoder could be started the last time; null since one could.</summary>
    public string? StartFailureOrNull { get; private set; }

    public long ResidentBytes => Interlocked.Read(ref _residentBytes);

    public long Items => Interlocked.Read(ref _items);

    public long Starts => Interlocked.Read(ref _starts);

    public long Restarts => Interlocked.Read(ref _restarts);

    public long Recycled => Interlocked.Read(ref _recycled);

    /// <summary>Works until cancelled; then the decoder is ended and what it had is given up.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
                await StepAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The pool is being disposed of.
        }
        finally
        {
            foreach (var job in _inFlight)
                job.Cancel(cancellationToken);
            await EndProcessAsync();
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_inFlight.Count == 0 && _process is { HasExited: true })
            {
                // It died while it had nothing to do: no request is to blame.
                await EndProcessAsync();
                Interlocked.Increment(ref _restarts);
            }
            if (_inFlight.Count == 0 && MustRecycle)
            {
                await EndProcessAsync();
                Interlocked.Increment(ref _recycled);
            }
            await FillAsync(cancellationToken);
            await ReceiveAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or DecoderProtocolException or DecoderCrashedException)
        {
            await RestartAsync(error);
        }
    }

    private bool MustRecycle => _process is not null && (_itemsOfProcess >= options.RecycleAfter || _residentBytes > options.MemoryLimit);

    /// <summary>Sends requests until two are in flight; waits for the first one.</summary>
    private async Task FillAsync(CancellationToken cancellationToken)
    {
        while (_inFlight.Count < Depth && !(MustRecycle && _inFlight.Count > 0))
        {
            var job = _inFlight.Count == 0 ? await queue.TakeAsync(cancellationToken) : queue.TakeOrNull();
            if (job is null)
                return;
            if (job.IsDone)
                continue;
            _inFlight.Enqueue(job);
            if (_process is null)
                await StartAsync(cancellationToken);
            if (_inFlight.Count == 1)
                _began = time.GetTimestamp();
            await _process!.SendAsync(job.ToFrame(_nextId++), cancellationToken);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _starts);
        try
        {
            _process = await DecoderProcess.StartAsync(command, options, itemMemoryLimit, library, time, cancellationToken);
            StartFailureOrNull = null;
        }
        catch (DecoderStartException exception)
        {
            StartFailureOrNull = exception.Message;
            throw;
        }

        (LibraryVersion, ConfinementOrNull) = (_process.LibraryVersion, _process.Confinement);
        (_nextId, _headId, _itemsOfProcess) = (0, 0, 0);
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        DecoderFrame? answer;
        try
        {
            answer = await _process!.ReceiveWithinAsync(options.ItemTimeLimit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new DecoderTimedOutException(options.ItemTimeLimit);
        }
        if (answer is not { } frame)
            throw new DecoderCrashedException("the decoder ended");
        if (frame.Id != _headId)
            throw new DecoderProtocolException($"Answer {frame.Id} came where {_headId} was due.");

        var job = _inFlight.Peek();
        job.Worked = time.GetElapsedTime(_began);
        _began = time.GetTimestamp(); // of the next one, if it is there already
        Interlocked.Exchange(ref _residentBytes, job.Read(frame));
        _inFlight.Dequeue();
        _headId++;
        _itemsOfProcess += job.Items;
        Interlocked.Add(ref _items, job.Items);
        job.Complete(); // last: whoever has the answer may look at the counts
    }

    /// <summary>The request at the head gets the blame; the rest is done by another decoder.</summary>
    private async Task RestartAsync(Exception error)
    {
        var reason = error.Message;
        if (_process is not null)
        {
            var exitCode = await _process.KillAsync();
            reason = $"{reason} (exit code {exitCode}) {_process.LastErrors}".TrimEnd();
        }
        await EndProcessAsync();
        Interlocked.Increment(ref _restarts);
        if (_inFlight.TryDequeue(out var culprit))
            culprit.Fail(error is DecoderTimedOutException or DecoderStartException ? error : new DecoderCrashedException(reason));
        foreach (var innocent in _inFlight.Reverse())
            queue.GiveBack(innocent);
        _inFlight.Clear();
    }

    private async Task EndProcessAsync()
    {
        if (_process is null)
            return;
        var ended = _process;
        _process = null;
        Interlocked.Exchange(ref _residentBytes, 0);
        await ended.DisposeAsync();
    }
}
