using System.Buffers.Binary;

namespace Vitrine.Decoding;

/// <summary>What a frame carries. Answers have the number of their request plus 128.</summary>
internal enum FrameKind : byte
{
    Hello = 1,
    Inspect = 2,
    Render = 3,
    Pixels = 4,
    HelloAnswer = 129,
    InspectAnswer = 130,
    RenderAnswer = 131,
    PixelsAnswer = 132,
}

/// <summary>
/// The unit of the decoder's pipes, little-endian:
/// <code>
/// u32 length    bytes after this field, 5 to 64 Mi
/// u8  kind      FrameKind
/// u32 id        the request's number, repeated in its answer; 0 for hello
/// …   payload   DecoderMessages
/// </code>
/// </summary>
internal readonly record struct DecoderFrame(FrameKind Kind, uint Id, ReadOnlyMemory<byte> Payload)
{
    public const int MaxLength = 64 << 20;
    private const int LengthBytes = 4, HeaderBytes = 5;

    /// <summary>Writes and flushes one frame.</summary>
    public void Write(Stream output)
    {
        output.Write(ToBytes());
        output.Flush();
    }

    /// <summary>The frame as it travels, length first.</summary>
    public byte[] ToBytes()
    {
        if (Payload.Length > MaxLength - HeaderBytes)
            throw new DecoderProtocolException($"A frame of {Payload.Length} bytes is longer than {MaxLength}.");
        var bytes = new byte[LengthBytes + HeaderBytes + Payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)(HeaderBytes + Payload.Length));
        bytes[LengthBytes] = (byte)Kind;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(LengthBytes + 1), Id);
        Payload.CopyTo(bytes.AsMemory(LengthBytes + HeaderBytes));
        return bytes;
    }

    /// <returns>Null at the end of the stream, if it ends between frames.</returns>
    /// <exception cref="DecoderProtocolException">The length is absurd, the kind unknown, or the stream ends within a frame.</exception>
    public static DecoderFrame? ReadOrNull(Stream input)
    {
        var prefix = new byte[LengthBytes];
        var got = input.ReadAtLeast(prefix, LengthBytes, throwOnEndOfStream: false);
        if (got == 0)
            return null;
        var body = new byte[BodyLength(prefix, got)];
        return Parse(body, input.ReadAtLeast(body, body.Length, throwOnEndOfStream: false));
    }

    /// <inheritdoc cref="ReadOrNull"/>
    public static async ValueTask<DecoderFrame?> ReadOrNullAsync(Stream input, CancellationToken cancellationToken)
    {
        var prefix = new byte[LengthBytes];
        var got = await input.ReadAtLeastAsync(prefix, LengthBytes, throwOnEndOfStream: false, cancellationToken);
        if (got == 0)
            return null;
        var body = new byte[BodyLength(prefix, got)];
        return Parse(body, await input.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken));
    }

    private static int BodyLength(byte[] prefix, int got)
    {
        if (got < LengthBytes)
            throw new DecoderProtocolException("The pipe ended within a frame's length.");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        return length is >= HeaderBytes and <= MaxLength
            ? (int)length
            : throw new DecoderProtocolException($"A frame says it has {length} bytes; {HeaderBytes} to {MaxLength} are allowed.");
    }

    private static DecoderFrame Parse(byte[] body, int got)
    {
        if (got < body.Length)
            throw new DecoderProtocolException($"The pipe ended after {got} of a frame's {body.Length} bytes.");
        var kind = (FrameKind)body[0];
        return Enum.IsDefined(kind)
            ? new DecoderFrame(kind, BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(1)), body.AsMemory(HeaderBytes))
            : throw new DecoderProtocolException($"Frame kind {body[0]} is unknown.");
    }
}
