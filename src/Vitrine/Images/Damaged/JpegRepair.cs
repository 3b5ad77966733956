using Vitrine.Images.Vips;

namespace Vitrine.Images.Damaged;

/// <summary>
/// A JPEG that ends too early. libjpeg goes on with the last colours it knew, so all that must be found out is how far the picture itself goes:
/// with an end marker put behind it, a file whose pixels are all there gives no warning; of others, the largest part from the top is looked for that
/// decodes without one. A progressive JPEG has all rows after its first scan, only coarser, and does not say how many scans it would have had.
/// </summary>
internal static class JpegRepair
{
    private static readonly byte[] s_endOfImage = [0xFF, 0xD9];

    public static RepairedPicture? RepairOrNull(PictureSource damaged)
    {
        var content = FileBuffer.Join(damaged.Content!.GetSpan(), s_endOfImage);
        try
        {
            var closed = damaged with { Content = content, IsLenient = true };
            var shrink = ShrinkOf(closed);
            VipsErrors.Clear();
            using var opened = closed.Open(shrink);
            using var pixels = opened.ReadPixels();
            var isWhole = VipsErrors.Take().Length == 0;
            var (scan, isProgressive) = Walk(damaged.Content!.GetSpan());
            return isProgressive
                ? RepairedPicture.CoarseOrNull(damaged, HasSecondScan(damaged.Content!.GetSpan(), scan) ? 1 : PictureExtent.Of(pixels), content)
                : RepairedPicture.OrNull(damaged, isWhole ? 1 : TopShare.Of(part => Decodes(damaged, shrink, part)), content);
        }
        catch (VipsException)
        {
            ((IDisposable)content).Dispose();
            return null;
        }
    }

    /// <summary>Whether no end marker stands behind the pixels: libjpeg may have read all of them before it misses it.</summary>
    public static bool HasNoEnd(ReadOnlySpan<byte> jpeg) =>
        Walk(jpeg).Scan is var at && at < jpeg.Length && jpeg[at..].LastIndexOf(s_endOfImage) < 0;

    /// <summary>The coarsest that libjpeg makes, which is the quickest.</summary>
    private static int ShrinkOf(PictureSource source)
    {
        using var header = source.Open();
        return Math.Min(header.Width, header.Height) >= 8 ? 8 : 1;
    }

    private static bool Decodes(PictureSource strict, int shrink, double part)
    {
        try
        {
            using var opened = strict.Open(shrink);
            TopShare.SumsOfRows(opened, part).Dispose();
            return true;
        }
        catch (VipsException)
        {
            return false;
        }
    }

    /// <summary>Whether a second scan begins behind the first, which is over then. Within scans, "FF" stands before "00" or a restart marker (D0 to D7).</summary>
    /// <param name="jpeg">The file.</param>
    /// <param name="scan">Where its first scan begins.</param>
    private static bool HasSecondScan(ReadOnlySpan<byte> jpeg, int scan)
    {
        for (var at = scan + 2; at + 3 < jpeg.Length;)
        {
            var marker = jpeg[at] == 0xFF ? jpeg[at + 1] : (byte)0;
            if (marker is 0xDA or 0xD9)
                return marker == 0xDA;
            at += marker is 0x00 or 0xFF or (>= 0xD0 and <= 0xD7) ? 1 : 2 + ((jpeg[at + 2] << 8) | jpeg[at + 3]);
        }

        return false;
    }

    /// <summary>Walks the segments up to the pixels: "FF", perhaps more of them, marker, u16 length with itself.</summary>
    /// <returns>Where the pixels begin; behind the end where they do not.</returns>
    private static (int Scan, bool IsProgressive) Walk(ReadOnlySpan<byte> jpeg)
    {
        var isProgressive = false;
        for (var at = 2; at + 4 <= jpeg.Length && jpeg[at] == 0xFF; at += 2 + ((jpeg[at + 2] << 8) | jpeg[at + 3]))
        {
            while (at + 4 < jpeg.Length && jpeg[at + 1] == 0xFF)
                at++;
            isProgressive |= jpeg[at + 1] is 0xC2 or 0xC6 or 0xCA or 0xCE;
            if (jpeg[at + 1] == 0xDA)
                return (at, isProgressive);
        }

        return (jpeg.Length, isProgressive);
    }
}
