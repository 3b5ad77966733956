using System.Buffers.Binary;

namespace Vitrine.Images.Damaged;

/// <summary>
/// A WebP that ends too early: libwebp refuses it, but takes a chunk of pixels whose end is zeros, and shows what comes before them. The picture is put
/// into a file of its own, with nothing else than its transparency. The container: <see cref="WebPContainer"/>; of an animation, also
/// <code>
/// "ANIM"  u32 background, u16 plays
/// "ANMF"  u24 left / 2, u24 top / 2, u24 width − 1, u24 height − 1, u24 milliseconds, u8 flags, then chunks: "ALPH" or none, "VP8 " or "VP8L"
/// </code>
/// </summary>
internal static class WebPRepair
{
    private const int RiffHeader = 12, ChunkHeader = 8, FrameHeader = 16;
    private const byte Transparency = 0x10, Animation = 0x02;

    public static RepairedPicture? RepairOrNull(PictureSource damaged)
    {
        var file = damaged.Content!.GetSpan();
        ReadOnlySpan<byte> extended = default, animation = default, transparency = default;
        for (var at = RiffHeader; at + ChunkHeader <= file.Length;)
        {
            var chunk = ChunkAt(file, at);
            if (IsPixels(chunk))
                return Still(damaged, extended, transparency, chunk);
            if (chunk.StartsWith("ANMF"u8) && !extended.IsEmpty)
                return Animated(damaged, [.. extended, .. animation.IsEmpty ? "ANIM\u0006\0\0\0\0\0\0\0\0\0"u8 : animation], at);
            if (chunk.StartsWith("VP8X"u8) && chunk.Length == ChunkHeader + 10)
                extended = chunk;
            else if (chunk.StartsWith("ANIM"u8) && chunk.Length == ChunkHeader + 6)
                animation = chunk;
            else if (chunk.StartsWith("ALPH"u8))
                transparency = chunk;
            at += chunk.Length;
        }

        return null;
    }

    private static RepairedPicture? Still(PictureSource damaged, ReadOnlySpan<byte> extended, ReadOnlySpan<byte> transparency, ReadOnlySpan<byte> pixels)
    {
        var share = ShareOf(pixels);
        if (share < PictureRepair.LeastShare)
            return null; // a false length asks for any amount of memory
        if (extended.IsEmpty || transparency.IsEmpty || (extended[ChunkHeader] & Transparency) == 0)
            extended = transparency = default;
        var content = FileBuffer.Join("RIFF\0\0\0\0WEBP"u8, extended, transparency, Padded(pixels));
        Close(content, extended.IsEmpty ? null : Transparency);
        return RepairedPicture.OrNull(damaged, share, content);
    }

    /// <param name="damaged">The file.</param>
    /// <param name="head">What stands before the frames.</param>
    /// <param name="first">Where the first frame begins.</param>
    private static RepairedPicture? Animated(PictureSource damaged, byte[] head, int first)
    {
        var file = damaged.Content!.GetSpan();
        var flags = (byte)((head[ChunkHeader] & Transparency) | Animation);
        var (end, isBehindFrames) = WholeFrames(file, first);
        if (end > first)
        {
            var whole = FileBuffer.Join("RIFF\0\0\0\0WEBP"u8, head, file[first..end]);
            Close(whole, flags);
            return RepairedPicture.OrNull(damaged, 1, whole, isBehindFrames ? RepairedPicture.OnlyItsEnd : RepairedPicture.OnlyLaterFrames);
        }

        // The first frame is cut off: it is made whole.
        var frame = ChunkAt(file, first);
        ReadOnlySpan<byte> transparency = default;
        for (var at = ChunkHeader + FrameHeader; at + ChunkHeader <= frame.Length;)
        {
            var chunk = ChunkAt(frame, at);
            if (IsPixels(chunk))
            {
                var share = ShareOf(chunk);
                if (share < PictureRepair.LeastShare)
                    return null;
                var pixels = Padded(chunk);
                var content = FileBuffer.Join("RIFF\0\0\0\0WEBP"u8, head, frame[..(ChunkHeader + FrameHeader)], transparency, pixels);
                BinaryPrimitives.WriteInt32LittleEndian(content.GetSpan()[(RiffHeader + head.Length + 4)..], FrameHeader + transparency.Length + pixels.Length);
                Close(content, flags);
                return RepairedPicture.OrNull(damaged, share, content);
            }

            if (chunk.StartsWith("ALPH"u8))
                transparency = chunk;
            at += chunk.Length;
        }

        return null;
    }

    /// <returns>Where the last frame ends that is whole, and whether a chunk of another kind begins behind it.</returns>
    private static (int End, bool IsBehindFrames) WholeFrames(ReadOnlySpan<byte> file, int first)
    {
        var (end, isBehind) = (first, false);
        for (var at = first; at + ChunkHeader <= file.Length;)
        {
            var chunk = ChunkAt(file, at);
            var isFrame = chunk.StartsWith("ANMF"u8);
            isBehind = !isFrame;
            at += chunk.Length;
            if (isFrame && chunk.Length == PaddedLength(chunk))
                end = at;
        }

        return (end, isBehind);
    }

    /// <summary>A chunk, as much as there is of it.</summary>
    private static ReadOnlySpan<byte> ChunkAt(ReadOnlySpan<byte> file, int at) =>
        file.Slice(at, (int)Math.Min(PaddedLength(file[at..]), file.Length - at));

    private static bool IsPixels(ReadOnlySpan<byte> chunk) => chunk.StartsWith("VP8 "u8) || chunk.StartsWith("VP8L"u8);

    /// <returns>How much of a chunk's content is there, from 0 to 1.</returns>
    private static double ShareOf(ReadOnlySpan<byte> chunk) =>
        Declared(chunk) is var declared and > 0 ? Math.Min(1, (chunk.Length - ChunkHeader) / (double)declared) : 0;

    private static byte[] Padded(ReadOnlySpan<byte> chunk)
    {
        var padded = new byte[PaddedLength(chunk)];
        chunk.CopyTo(padded);
        return padded;
    }

    private static long PaddedLength(ReadOnlySpan<byte> chunk) => ChunkHeader + ((Declared(chunk) + 1L) & ~1L);

    private static uint Declared(ReadOnlySpan<byte> chunk) => BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);

    /// <summary>Writes the file's length, and what its extended header may promise, if it has one.</summary>
    private static void Close(FileBuffer content, byte? flags)
    {
        var made = content.GetSpan();
        BinaryPrimitives.WriteInt32LittleEndian(made[4..], made.Length - ChunkHeader);
        if (flags is { } promised)
            made[RiffHeader + ChunkHeader] = promised;
    }
}
