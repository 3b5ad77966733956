using System.Buffers.Binary;
using System.Text;

namespace Vitrine.Decoding;

/// <summary>Puts together a frame's payload: little-endian numbers; byte strings with an i32 length, -1 for null; text as UTF-8.</summary>
internal sealed class PayloadWriter
{
    private byte[] bytes = new byte[512];
    private int length;

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, length);

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
        if (bytes.Length - length < count)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + count));
        length += count;
        return bytes.AsSpan(length - count, count);
    }
}
