using MetadataExtractor.IO;

namespace Vitrine.Images.Metadata;

/// <summary>Lets MetadataExtractor read a slice of a file without a copy of it.</summary>
internal sealed class MemoryReader(ReadOnlyMemory<byte> block, bool isMotorolaByteOrder = true) : IndexedReader(isMotorolaByteOrder)
{
    public override long Length => block.Length;

    public override IndexedReader WithByteOrder(bool isMotorolaByteOrder) =>
        isMotorolaByteOrder == IsMotorolaByteOrder ? this : new MemoryReader(block, isMotorolaByteOrder);

    public override IndexedReader WithShiftedBaseOffset(int shift) => shift == 0 ? this : new MemoryReader(block[shift..], IsMotorolaByteOrder);

    public override int ToUnshiftedOffset(int localOffset) => localOffset;

    public override byte GetByte(int index)
    {
        ValidateIndex(index, 1);
        return block.Span[index];
    }

    public override byte[] GetBytes(int index, int count)
    {
        ValidateIndex(index, count);
        return block.Slice(index, count).ToArray();
    }

    /// <summary>The bytes without a copy.</summary>
    public ReadOnlyMemory<byte> Slice(int index, int count)
    {
        ValidateIndex(index, count);
        return block.Slice(index, count);
    }

    protected override void ValidateIndex(int index, int bytesRequested)
    {
        if (!IsValidIndex(index, bytesRequested))
            throw new BufferBoundsException(index, bytesRequested, block.Length);
    }

    protected override bool IsValidIndex(int index, int bytesRequested) =>
        index >= 0 && bytesRequested >= 0 && (long)index + bytesRequested <= block.Length;
}
