using System.Buffers.Binary;
using System.Text;

namespace Vitrine.Decoding;

/// <summary>Puts together a frame's payload: little-endian numbers; byte strings with an i32 length, -1 for null; text as UTF-8.</summary>
internal sealed class PayloadWriter
{
    private byte[] _bytes = new byte[512];
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public PayloadWriter Byte(byte value)
    {
        Take(1)[0] = value;
        return this;
    }

    public PayloadWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);
        return this;
    }

    public PayloadWriter Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);
        return this;
    }

    public PayloadWriter Bytes(byte[]? value)
    {
        Int32(value?.Length ?? -1);
        value?.CopyTo(Take(value.Length));
        return this;
    }

    public PayloadWriter Text(string? value)
    {
        if (value is null)
            return Int32(-1);
        var count = Encoding.UTF8.GetByteCount(value);
        Int32(count);
        Encoding.UTF8.GetBytes(value, Take(count));
        return this;
    }

    private Span<byte> Take(int count)
    {
        if (_bytes.Length - _length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
