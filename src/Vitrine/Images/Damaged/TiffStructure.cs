using System.Buffers.Binary;

namespace Vitrine.Images.Damaged;

/// <summary>
/// The first directory of a TIFF, and whether the pixels it points to are in the file.
/// <code>
/// header      "II" or "MM", u16 42, u32 offset of the directory (BigTIFF, with 43, is not looked at)
/// directory   u16 count, count × (u16 tag, u16 type, u32 number of values, their bytes or, where they need more than four, their offset)
/// tags        256 width, 257 height, 273 and 279 offsets and lengths of strips, 324 and 325 those of tiles
/// </code>
/// Source: TIFF 6.0, sections 2 and 15.
/// </summary>
internal static class TiffStructure
{
    private const int EntryLength = 12, Short = 3, Long = 4;

    public static StructureFault? FaultOrNull(ReadOnlySpan<byte> file)
    {
        if (file.Length < 8)
            return StructureFault.Cut("the header of the TIFF");
        var little = file[0] == (byte)'I';
        if (U16(file[2..], little) != 42)
            return null;
        long directory = U32(file[4..], little);
        if (directory + 2 > file.Length)
            return new StructureFault("the directory of the TIFF lies behind the end of the file", IsCut: true);
        var count = U16(file[(int)directory..], little);
        if (directory + 2 + (count * (long)EntryLength) > file.Length)
            return StructureFault.Cut("the directory of the TIFF");
        var entries = file.Slice((int)directory + 2, count * EntryLength);
        if (EntryOf(entries, 256, little).IsEmpty || EntryOf(entries, 257, little).IsEmpty)
            return StructureFault.Wrong("the directory of the TIFF does not say how large the picture is");
        var isTiled = EntryOf(entries, 273, little).IsEmpty;
        var offsets = EntryOf(entries, isTiled ? 324 : 273, little);
        var lengths = EntryOf(entries, isTiled ? 325 : 279, little);
        if (offsets.IsEmpty)
            return StructureFault.Wrong("the directory of the TIFF does not say where the pixels are");
        for (var part = 0; ValueOrNull(file, offsets, part, little) is { } offset; part++)
        {
            if (offset + (ValueOrNull(file, lengths, part, little) ?? 0) > file.Length)
                return new StructureFault("pixels of the TIFF lie behind the end of the file", IsCut: true);
        }

        return null;
    }

    private static ReadOnlySpan<byte> EntryOf(ReadOnlySpan<byte> entries, int tag, bool little)
    {
        for (var at = 0; at < entries.Length; at += EntryLength)
        {
            if (U16(entries[at..], little) == tag)
                return entries.Slice(at, EntryLength);
        }

        return default;
    }

    /// <returns>Null behind the last value, and where the values are not in the file or are no whole numbers.</returns>
    private static long? ValueOrNull(ReadOnlySpan<byte> file, ReadOnlySpan<byte> entry, int index, bool little)
    {
        if (entry.IsEmpty || index >= U32(entry[4..], little) || U16(entry[2..], little) is not (Short or Long))
            return null;
        var size = U16(entry[2..], little) == Short ? 2 : 4;
        var isInside = size * (long)U32(entry[4..], little) <= 4;
        var at = (isInside ? 0 : U32(entry[8..], little)) + ((long)index * size);
        var values = isInside ? entry[8..] : file;
        if (at + size > values.Length)
            return null;
        return size == 2 ? U16(values[(int)at..], little) : U32(values[(int)at..], little);
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
