namespace Vitrine.Decoding;

/// <summary>A request on its way through the pool. Its caller is told exactly once.</summary>
internal abstract class DecoderJob(FrameKind kind, ReadOnlyMemory<byte> payload)
{
    public abstract bool IsDone { get; }

    /// <summary>Files in the request, for the count after which a decoder is recycled.</summary>
    public int Items { get; init; } = 1;

    /// <summary>How long a decoder worked on it alone; known once it is answered.</summary>
    public TimeSpan Worked { get; set; }

    public DecoderFrame ToFrame(uint id) => new(kind, id, payload);

    /// <summary>Reads the answer. The caller is not told yet: what it sees of the pool then should be counted first.</summary>
    /// <returns>Resident bytes of the decoder.</returns>
    /// <exception cref="DecoderProtocolException">The frame is not an answer to this request.</exception>
    public abstract long Read(DecoderFrame answer);

    /// <summary>Gives the caller the answer that was read.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception error);

    public abstract void Cancel(CancellationToken cancellationToken);

    protected void Check(DecoderFrame answer)
    {
        if ((byte)answer.Kind != (byte)kind + 128)
            throw new DecoderProtocolException($"{answer.Kind} came where the answer to {kind} was due.");
    }
}

/// <summary>A request whose answer is a <typeparamref name="T"/>.</summary>
internal sealed class DecoderJob<T>(FrameKind kind, ReadOnlyMemory<byte> payload, DecoderJob<T>.Parser parse) : DecoderJob(kind, payload)
{
    private readonly TaskCompletionSource<T> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _value;

    public delegate (long ResidentBytes, T Answer) Parser(ReadOnlySpan<byte> payload);

    public Task<T> Answer => _answered.Task;

    public override bool IsDone => _answered.Task.IsCompleted;

    public override long Read(DecoderFrame answer)
    {
        Check(answer);
        (var resident, _value) = parse(answer.Payload.Span);
        return resident;
    }

    public override void Complete() => _answered.TrySetResult(_value!);

    public override void Fail(Exception error) => _answered.TrySetException(error);

    public override void Cancel(CancellationToken cancellationToken) => _answered.TrySetCanceled(cancellationToken);
}
