using System.Buffers.Binary;

namespace Vitrine.Images.Damaged;

/// <summary>
/// A WebP that ends too early: libwebp refuses it, but takes a chunk of pixels whose end is zeros, and shows what comes before them. The picture is put
/// into a file of its own, with nothing else than its transparency. The container: <see cref="WebPContainer"/>.
/// </summary>
internal static class WebPRepair
{
    private const int RiffHeader = 12, ChunkHeader = 8;

    public static RepairedPicture? RepairOrNull(PictureSource damaged)
    {
        var file = damaged.Content!.GetSpan();
        ReadOnlySpan<byte> extended = default, transparency = default;
        for (var at = RiffHeader; at + ChunkHeader <= file.Length;)
        {
            var declared = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            var chunk = file.Slice(at, (int)Math.Min(ChunkHeader + (declared + 1L & ~1L), file.Length - at));
            if (chunk.StartsWith("VP8 "u8) || chunk.StartsWith("VP8L"u8))
                return WithPadding(damaged, extended, transparency, chunk, declared);
            if (chunk.StartsWith("VP8X"u8) && chunk.Length == ChunkHeader + 10 && (chunk[ChunkHeader] & 0x10) != 0)
                extended = chunk;
            else if (chunk.StartsWith("ALPH"u8))
                transparency = chunk;
            at += chunk.Length;
        }

        return null;
    }

    private static RepairedPicture? WithPadding(
        PictureSource damaged, ReadOnlySpan<byte> extended, ReadOnlySpan<byte> transparency, ReadOnlySpan<byte> pixels, uint declared)
    {
        // A false length asks for any amount of memory.
        var share = (pixels.Length - ChunkHeader) / (double)declared;
        if (share is < PictureRepair.LeastShare or >= 1)
            return null;
        if (extended.IsEmpty || transparency.IsEmpty)
            extended = transparency = default;
        var content = FileBuffer.Join("RIFF\0\0\0\0WEBP"u8, extended, transparency, pixels, new byte[ChunkHeader + (declared + 1L & ~1L) - pixels.Length]);
        var made = content.GetSpan();
        BinaryPrimitives.WriteInt32LittleEndian(made[4..], made.Length - ChunkHeader);
        if (!extended.IsEmpty)
            made[RiffHeader + ChunkHeader] = 0x10; // transparency, and nothing else of what the flags promise
        return RepairedPicture.OrNull(damaged, share, content);
    }
}
