using System.Buffers.Binary;

namespace Vitrine.Images.Damaged;

/// <summary>
/// A GIF that ends too early or has a hole: its first picture's pixels are counted to see how far they go, and the file is closed behind them. Left as it is,
/// libvips would not look into a sub-block that is not whole, which may hold half of a plain picture, and show nothing of what has a hole. Layout:
/// <see cref="GifStructure"/>.
/// </summary>
internal static class GifRepair
{
    private const int BytesPerPixel = 4;

    public static RepairedPicture? RepairOrNull(PictureSource damaged, long rawLimit)
    {
        var file = damaged.Content!.GetSpan();
        // The whole canvas is held in memory, however little of it the file fills.
        if (GifStructure.FirstPictureOrNull(file) is not { } picture
            || (long)BinaryPrimitives.ReadUInt16LittleEndian(file[6..]) * BinaryPrimitives.ReadUInt16LittleEndian(file[8..]) * BytesPerPixel > rawLimit)
        {
            return null;
        }

        var (share, block, end) = GifPixels.Measure(file, picture);
        return share >= 1
            ? RepairedPicture.OrNull(damaged, share, whole: GifStructure.LostEndOrNull(file) ?? RepairedPicture.SomeRows)
            : RepairedPicture.OrNull(damaged, share, Close(file, block, end));
    }

    private static FileBuffer Close(ReadOnlySpan<byte> file, int block, int end)
    {
        var length = end - block - 1;
        var closed = FileBuffer.Join(length > 0 ? file[..end] : file[..block], [0, 0x3B]);
        if (length > 0)
            closed.GetSpan()[block] = (byte)length;
        return closed;
    }
}
