using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Vitrine.Images.Damaged;

/// <summary>The chunks of a PNG. Layout: <see cref="PngRepair"/>.</summary>
internal static class PngStructure
{
    private const int SignatureLength = 8, ChunkFrame = 12;

    public static StructureFault? FaultOrNull(ReadOnlySpan<byte> file)
    {
        var hasPixels = false;
        for (var at = SignatureLength; at < file.Length;)
        {
            if (at + 8 > file.Length)
                return StructureFault.Cut("a chunk of the PNG");
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            var letters = file.Slice(at + 4, 4);
            if (letters.ContainsAnyExceptInRange((byte)'A', (byte)'z'))
                return StructureFault.Wrong("what stands where a chunk of the PNG was due is no chunk");
            var name = Encoding.ASCII.GetString(letters);
            if (at == SignatureLength && name != "IHDR")
                return StructureFault.Wrong($"the PNG begins with the chunk {name} in place of its header (IHDR)");
            if (at + ChunkFrame + (long)length > file.Length)
                return StructureFault.Cut($"the chunk {name} of the PNG");
            var content = file.Slice(at + 8, (int)length);
            if (Crc32.HashToUInt32(file.Slice(at + 4, 4 + content.Length)) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + content.Length)..]))
                return StructureFault.Wrong($"the checksum of the chunk {name} of the PNG is wrong");
            if (name == "IHDR" && HeaderFaultOrNull(content) is { } fault)
                return StructureFault.Wrong(fault);
            hasPixels |= name == "IDAT";
            if (name == "IEND")
                return hasPixels ? null : StructureFault.Wrong("the PNG has no pixels (IDAT)");
            at += ChunkFrame + content.Length;
        }

        return StructureFault.Cut("the PNG: its last chunk (IEND) is missing");
    }

    /// <summary>Whether the file ends before its last chunk. Only the chunks' lengths are looked at.</summary>
    public static bool HasNoEnd(ReadOnlySpan<byte> file)
    {
        for (long at = SignatureLength; at + 8 <= file.Length; at += ChunkFrame + (long)BinaryPrimitives.ReadUInt32BigEndian(file[(int)at..]))
        {
            if (file.Slice((int)at + 4, 4).SequenceEqual("IEND"u8))
                return false;
        }

        return true;
    }

    private static string? HeaderFaultOrNull(ReadOnlySpan<byte> header)
    {
        if (header.Length != 13)
            return "the header of the PNG has a wrong length";
        if (BinaryPrimitives.ReadInt32BigEndian(header) <= 0 || BinaryPrimitives.ReadInt32BigEndian(header[4..]) <= 0)
            return "the header of the PNG gives an impossible size";
        bool isDepth = header[9] switch { 0 => header[8] is 1 or 2 or 4 or 8 or 16, 3 => header[8] is 1 or 2 or 4 or 8, 2 or 4 or 6 => header[8] is 8 or 16, _ => false };
        return !isDepth ? $"the header of the PNG gives an impossible colour type ({header[9]} with {header[8]} bits)"
            : header[10] != 0 || header[11] != 0 || header[12] > 1 ? "the header of the PNG names a compression, filter or interlacing that does not exist" : null;
    }
}
