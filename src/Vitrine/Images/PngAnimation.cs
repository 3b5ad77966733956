using System.Buffers.Binary;

namespace Vitrine.Images;

/// <summary>
/// Tells an animated PNG, of which libvips knows only the picture that readers show who know nothing of animation: a chunk <c>acTL</c> (u32 frames,
/// u32 plays) stands before the first <c>IDAT</c>. Source: PNG specification, third edition, 11.3.6.
/// </summary>
internal static class PngAnimation
{
    private const int SignatureLength = 8, ChunkFrame = 12;

    /// <returns>1 for a still picture.</returns>
    public static int FramesOf(ReadOnlySpan<byte> file)
    {
        for (long at = SignatureLength; at + ChunkFrame + 8 <= file.Length;)
        {
            var chunk = file[(int)at..];
            if (chunk[4..8].SequenceEqual("acTL"u8))
                return (int)Math.Clamp(BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]), 1, int.MaxValue);
            if (chunk[4..8].SequenceEqual("IDAT"u8))
                break;
            at += ChunkFrame + (long)BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }

        return 1;
    }
}
