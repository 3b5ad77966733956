using System.Buffers;
using System.Runtime.InteropServices;

namespace Vitrine.Images;

/// <summary>
/// One reusable block of native memory that holds a file while it is hashed and decoded: it does not move, and the garbage collector
/// never sees it. Not thread-safe.
/// </summary>
internal sealed unsafe class FileBuffer : MemoryManager<byte>
{
    /// <summary>What is kept between files; a larger block is given back.</summary>
    private const int KeptBytes = 16 << 20;

    private void* _block;
    private int _capacity;

    /// <summary>Bytes in use.</summary>
    public int Length { get; private set; }

    public nint Address => (nint)_block;

    public override Memory<byte> Memory => CreateMemory(Length);

    public override Span<byte> GetSpan() => new(_block, Length);

    /// <summary>Makes room for so many bytes, whose content is undefined.</summary>
    public void Resize(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > _capacity || (_capacity > KeptBytes && length <= KeptBytes))
        {
            NativeMemory.Free(_block);
            _block = null;
            _capacity = 0;
            var size = Math.Max(length, 1 << 20);
            _block = NativeMemory.Alloc((nuint)size);
            _capacity = size;
        }
        Length = length;
    }

    /// <summary>Forgets what lies behind the first bytes.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    /// <summary>A new one with these bytes, one after another.</summary>
    public static FileBuffer Join(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default, ReadOnlySpan<byte> third = default, ReadOnlySpan<byte> fourth = default, ReadOnlySpan<byte> fifth = default)
    {
        var joined = new FileBuffer();
        joined.Resize(checked(first.Length + second.Length + third.Length + fourth.Length + fifth.Length));
        var to = joined.GetSpan();
        first.CopyTo(to);
        second.CopyTo(to = to[first.Length..]);
        third.CopyTo(to = to[second.Length..]);
        fourth.CopyTo(to = to[third.Length..]);
        fifth.CopyTo(to[fourth.Length..]);
        return joined;
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)_block + elementIndex);

    public override void Unpin()
    {
        // Native memory does not move.
    }

    protected override void Dispose(bool disposing)
    {
        NativeMemory.Free(_block);
        _block = null;
        _capacity = 0;
        Length = 0;
    }
}
