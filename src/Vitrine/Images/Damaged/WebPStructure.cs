using System.Buffers.Binary;
using System.Text;

namespace Vitrine.Images.Damaged;

/// <summary>The chunks of a WebP. Layout: <see cref="WebPContainer"/>.</summary>
internal static class WebPStructure
{
    private const int RiffHeader = 12, ChunkHeader = 8;

    public static StructureFault? FaultOrNull(ReadOnlySpan<byte> file)
    {
        for (long at = RiffHeader; at + ChunkHeader <= file.Length;)
        {
            var chunk = file[(int)at..];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (at + ChunkHeader + length > file.Length)
                return StructureFault.Cut(chunk[..4].ContainsAnyExceptInRange((byte)' ', (byte)'z') ? "a chunk of the WebP" : $"the chunk {Encoding.ASCII.GetString(chunk[..4]).TrimEnd()} of the WebP");
            if (chunk.StartsWith("VP8 "u8) || chunk.StartsWith("VP8L"u8) || chunk.StartsWith("ANMF"u8))
                return null;
            at += ChunkHeader + length + (length & 1);
        }

        return StructureFault.Cut("the WebP, before its pixels");
    }
}
