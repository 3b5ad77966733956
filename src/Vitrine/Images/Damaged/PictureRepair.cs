using Vitrine.Images.Vips;

namespace Vitrine.Images.Damaged;

/// <summary>What can be shown of a picture whose file ends too early or has holes. At least half of it must be there: less shows nobody what it was.</summary>
internal static class PictureRepair
{
    public const double LeastShare = 0.5;

    /// <param name="damaged">A picture that does not decode as it should.</param>
    /// <param name="rawLimit">A picture of more bytes before compression is not rebuilt where that takes memory for all of them.</param>
    /// <returns>Null when too little is there, or when it cannot be told: a file that is not held in memory, a format that shows nothing before its end.</returns>
    public static RepairedPicture? RepairOrNull(PictureSource damaged, long rawLimit)
    {
        if (damaged.Content is null && damaged.Format != "tiff")
            return null;
        try
        {
            return damaged.Format switch
            {
                "jpeg" => JpegRepair.RepairOrNull(damaged),
                "png" => PngRepair.RepairOrNull(damaged, rawLimit),
                "webp" => WebPRepair.RepairOrNull(damaged),
                "gif" => GifRepair.RepairOrNull(damaged, rawLimit),
                "tiff" => TiffRepair.RepairOrNull(damaged),
                "bmp" => BmpRepair.RepairOrNull(damaged),
                _ => null,
            };
        }
        catch (VipsException)
        {
            return null; // why it does not decode is known from before
        }
    }
}
