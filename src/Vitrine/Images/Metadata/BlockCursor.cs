using System.Buffers.Binary;

namespace Vitrine.Images.Metadata;

/// <summary>
/// Reads big-endian numbers off the front of a block. Past the end it gives zeros and empty slices and <see cref="Ended"/> turns
/// true, so that a reader of a damaged file stops by its own loop condition instead of by an exception.
/// </summary>
internal struct BlockCursor(ReadOnlyMemory<byte> block)
{
    private ReadOnlyMemory<byte> _rest = block;

    public bool Ended { get; private set; }

    public readonly int Left => _rest.Length;

    public readonly ReadOnlyMemory<byte> Rest => _rest;

    public byte U8() => Take(1).Span is [var value] ? value : (byte)0;

    public ushort U16() => Take(2).Span is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    public uint U32() => Take(4).Span is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    /// <summary>A number of 0, 4 or 8 bytes, as HEIF sizes its fields.</summary>
    public ulong Sized(int bytes) => bytes switch
    {
        0 => 0,
        2 => U16(),
        4 => U32(),
        8 => ((ulong)U32() << 32) | U32(),
        _ => Fail(),
    };

    /// <summary>The next bytes, or none (and <see cref="Ended"/>) when there are fewer.</summary>
    public ReadOnlyMemory<byte> Take(long length)
    {
        if (length < 0 || length > _rest.Length)
        {
            Fail();
            return default;
        }
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    /// <summary>The bytes up to a zero byte, which is skipped.</summary>
    public ReadOnlyMemory<byte> TakeTerminated()
    {
        var end = _rest.Span.IndexOf((byte)0);
        if (end < 0)
        {
            Fail();
            return default;
        }
        var taken = Take(end);
        Take(1);
        return taken;
    }

    private ulong Fail()
    {
        Ended = true;
        _rest = default;
        return 0;
    }
}
