using System.Buffers.Binary;
using System.Text;

namespace Vitrine.Decoding;

/// <summary>Takes apart what <see cref="PayloadWriter"/> made. The other side is not trusted: every length is checked.</summary>
/// <exception cref="DecoderProtocolException">Thrown by every member when the payload is too short or a length is absurd.</exception>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public byte[]? BytesOrNull()
    {
        var count = Int32();
        return count == -1 ? null : Take(count).ToArray();
    }

    public byte[] Bytes() => BytesOrNull() ?? throw new DecoderProtocolException("A byte string is missing.");

    public string? TextOrNull()
    {
        var count = Int32();
        return count == -1 ? null : Encoding.UTF8.GetString(Take(count));
    }

    public string Text() => TextOrNull() ?? throw new DecoderProtocolException("A text is missing.");

    /// <summary>Says that nothing may follow.</summary>
    public readonly void End()
    {
        if (!_rest.IsEmpty)
            throw new DecoderProtocolException($"{_rest.Length} bytes are left after a message.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
            throw new DecoderProtocolException($"A message wants {count} bytes where {_rest.Length} are left.");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
