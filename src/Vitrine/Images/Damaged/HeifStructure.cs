using System.Buffers.Binary;

namespace Vitrine.Images.Damaged;

/// <summary>
/// The outermost boxes of an AVIF or HEIC: u32 length with itself (1: a u64 follows the letters; 0: up to the end of the file), 4 letters, content.
/// A picture has its description in <c>meta</c> and its pixels mostly in <c>mdat</c>. Source: ISO/IEC 14496-12, 4.2; 23008-12, 6.
/// </summary>
internal static class HeifStructure
{
    public static StructureFault? FaultOrNull(ReadOnlySpan<byte> file)
    {
        var (hasMeta, at) = (false, 0L);
        while (at + 8 <= file.Length)
        {
            var box = file[(int)at..];
            long length = BinaryPrimitives.ReadUInt32BigEndian(box);
            if (length == 1 && box.Length >= 16)
                length = BinaryPrimitives.ReadInt64BigEndian(box[8..]);
            else if (length == 0)
                length = box.Length;
            if (length < 8)
                return StructureFault.Wrong("a box of the file has an impossible length");
            if (length > box.Length)
                return StructureFault.Cut(box[4..8].SequenceEqual("mdat"u8) ? "the pixels (the box mdat)" : box[4..8].SequenceEqual("meta"u8) ? "the description (the box meta)" : "a box");
            hasMeta |= box[4..8].SequenceEqual("meta"u8);
            at += length;
        }

        return hasMeta ? null : StructureFault.Wrong("the file has no description of a picture (the box meta)");
    }
}
