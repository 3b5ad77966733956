using Vitrine.Images.Vips;

namespace Vitrine.Images.Damaged;

/// <summary>
/// A TIFF whose strips or tiles end too early or have a hole. libvips leaves those black and goes on; asked to fail at errors, it would refuse sound
/// pictures too, for a later page or a field that is wrong. So what it says while it decodes tells.
/// </summary>
internal static class TiffRepair
{
    public static RepairedPicture? RepairOrNull(PictureSource damaged)
    {
        var lenient = damaged with { IsLenient = true };
        if (damaged.Content is { } content && TiffStructure.FaultOrNull(content.GetSpan()) is { IsCut: true })
            return RepairedPicture.OrNull(damaged, TopShare.Of(part => Decodes(lenient, part)));
        return ShareOfRows(lenient) >= PictureRepair.LeastShare ? RepairedPicture.OrNull(damaged, 1, whole: RepairedPicture.SomeRows) : null;
    }

    /// <summary>The first of the lines that speaks of pixels; null when none does.</summary>
    /// <param name="told">What libvips said while it decoded, and had not said when it opened the picture.</param>
    public static string? FaultOrNull(IEnumerable<string> told) => told.FirstOrDefault(
        line => line.StartsWith("tiff2vips", StringComparison.Ordinal) && !line.Contains("directory", StringComparison.OrdinalIgnoreCase));

    private static bool Decodes(PictureSource lenient, double part)
    {
        VipsErrors.Clear();
        using var opened = lenient.Open();
        var told = VipsErrors.Lines();
        TopShare.SumsOfRows(opened, part).Dispose();
        return FaultOrNull(VipsErrors.Lines().Except(told)) is null;
    }

    /// <summary>How many of the rows are not black throughout, from 0 to 1: a lower bound of what is there.</summary>
    private static double ShareOfRows(PictureSource lenient)
    {
        using var opened = lenient.Open();
        using var sums = TopShare.SumsOfRows(opened, 1);
        using var pixels = sums.ReadPixels();
        var (rows, rowBytes) = (0, pixels.Span.Length / pixels.Height);
        for (var y = 0; y < pixels.Height; y++)
            rows += pixels.Span.Slice(y * rowBytes, rowBytes).ContainsAnyExcept((byte)0) ? 1 : 0;
        return rows / (double)pixels.Height;
    }
}
