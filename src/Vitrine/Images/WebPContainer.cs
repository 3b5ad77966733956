using System.Buffers.Binary;

namespace Vitrine.Images;

/// <summary>
/// Takes metadata out of a WebP: libvips 8.14 writes an EXIF block of its own whatever it is told.
/// <code>
/// "RIFF"  u32 length of the rest  "WEBP", then chunks: 4 letters, u32 length, content, one zero byte if the length is odd
/// "VP8X"  u8 flags (0x20 colour profile, 0x10 alpha, 0x08 EXIF, 0x04 XMP, 0x02 animation), 3 zero bytes, u24 width − 1, u24 height − 1;
///         needed only when there is more than the picture itself
/// </code>
/// </summary>
internal static class WebPContainer
{
    private const int RiffHeader = 12, ChunkHeader = 8;
    private const byte KeptFlags = 0x10 | 0x02;

    /// <summary>The same picture with nothing but pixels in it. What is not a WebP comes back unchanged.</summary>
    public static byte[] Strip(byte[] webp)
    {
        var from = webp.AsSpan();
        if (from.Length < RiffHeader || !from.StartsWith("RIFF"u8))
            return webp;
        var result = new byte[webp.Length];
        from[..RiffHeader].CopyTo(result);
        var length = RiffHeader;
        for (var at = RiffHeader; at + ChunkHeader <= from.Length;)
        {
            var content = BinaryPrimitives.ReadUInt32LittleEndian(from[(at + 4)..]);
            var chunk = from.Slice(at, (int)Math.Min(ChunkHeader + (content + 1L & ~1L), from.Length - at));
            at += chunk.Length;
            if (!IsKept(chunk))
                continue;
            chunk.CopyTo(result.AsSpan(length));
            if (chunk.StartsWith("VP8X"u8))
                result[length + ChunkHeader] &= KeptFlags;
            length += chunk.Length;
        }
        BinaryPrimitives.WriteInt32LittleEndian(result.AsSpan(4), length - 8);
        return result.AsSpan(0, length).ToArray();
    }

    private static bool IsKept(ReadOnlySpan<byte> chunk) =>
        chunk.StartsWith("VP8X"u8)
            ? chunk.Length > ChunkHeader && (chunk[ChunkHeader] & KeptFlags) != 0
            : !chunk.StartsWith("EXIF"u8) && !chunk.StartsWith("XMP "u8) && !chunk.StartsWith("ICCP"u8);
}
