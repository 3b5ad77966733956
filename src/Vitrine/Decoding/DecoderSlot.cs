namespace Vitrine.Decoding;

/// <summary>
/// One place for a decoder in the pool: starts it when there is work, keeps two requests in it so that it never idles, and replaces it.
/// </summary>
/// <remarks>
/// A decoder answers in order, so when it dies the oldest request is the one it was working on: that caller gets the exception,
/// the others go back to the queue untouched.
/// </remarks>
internal sealed class DecoderSlot(DecoderQueue queue, DecoderCommand command, DecoderOptions options, string? library)
{
    private const int Depth = 2;
    private readonly Queue<DecoderJob> inFlight = new();
    private DecoderProcess? process;
    private uint nextId;
    private uint headId;
    private int itemsOfProcess;
    private long residentBytes, items, restarts, recycled;

    public bool IsAlive => Volatile.Read(ref process) is not null;

    public string? LibraryVersion { get; private set; }

    public long ResidentBytes => Interlocked.Read(ref residentBytes);

    public long Items => Interlocked.Read(ref items);

    public long Restarts => Interlocked.Read(ref restarts);

    public long Recycled => Interlocked.Read(ref recycled);

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
            foreach (var job in inFlight)
                job.Cancel(cancellationToken);
            await EndProcessAsync();
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (inFlight.Count == 0 && process is { HasExited: true })
            {
                // It died while it had nothing to do: no request is to blame.
                await EndProcessAsync();
                Interlocked.Increment(ref restarts);
            }
            if (inFlight.Count == 0 && MustRecycle)
            {
                await EndProcessAsync();
                Interlocked.Increment(ref recycled);
            }
            await FillAsync(cancellationToken);
            await ReceiveAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or DecoderProtocolException or DecoderCrashedException)
        {
            await RestartAsync(error);
        }
    }

    private bool MustRecycle => process is not null && (itemsOfProcess >= options.RecycleAfter || residentBytes > options.MemoryLimit);

    /// <summary>Sends requests until two are in flight; waits for the first one.</summary>
    private async Task FillAsync(CancellationToken cancellationToken)
    {
        while (inFlight.Count < Depth && !(MustRecycle && inFlight.Count > 0))
        {
            var job = inFlight.Count == 0 ? await queue.TakeAsync(cancellationToken) : queue.TakeOrNull();
            if (job is null)
                return;
            if (job.IsDone)
                continue;
            inFlight.Enqueue(job);
            if (process is null)
                await StartAsync(cancellationToken);
            await process!.SendAsync(job.ToFrame(nextId++), cancellationToken);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        process = await DecoderProcess.StartAsync(command, options, library, cancellationToken);
        LibraryVersion = process.LibraryVersion;
        (nextId, headId, itemsOfProcess) = (0, 0, 0);
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        DecoderFrame? answer;
        try
        {
            answer = await process!.ReceiveAsync().WaitAsync(options.ItemTimeLimit, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new DecoderTimedOutException(options.ItemTimeLimit);
        }
        if (answer is not { } frame)
            throw new DecoderCrashedException("the decoder ended");
        if (frame.Id != headId)
            throw new DecoderProtocolException($"Answer {frame.Id} came where {headId} was due.");

        var job = inFlight.Peek();
        Interlocked.Exchange(ref residentBytes, job.Finish(frame));
        inFlight.Dequeue();
        headId++;
        itemsOfProcess += job.Items;
        Interlocked.Add(ref items, job.Items);
    }

    /// <summary>The request at the head gets the blame; the rest is done by another decoder.</summary>
    private async Task RestartAsync(Exception error)
    {
        var reason = error.Message;
        if (process is not null)
        {
            var exitCode = await process.KillAsync();
            reason = $"{reason} (exit code {exitCode}) {process.LastErrors}".TrimEnd();
        }
        await EndProcessAsync();
        Interlocked.Increment(ref restarts);
        if (inFlight.TryDequeue(out var culprit))
            culprit.Fail(error is DecoderTimedOutException or DecoderStartException ? error : new DecoderCrashedException(reason));
        foreach (var innocent in inFlight.Reverse())
            queue.GiveBack(innocent);
        inFlight.Clear();
    }

    private async Task EndProcessAsync()
    {
        if (process is null)
            return;
        var ended = process;
        process = null;
        Interlocked.Exchange(ref residentBytes, 0);
        await ended.DisposeAsync();
    }
}
