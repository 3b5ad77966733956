namespace Vitrine.Images.Damaged;

/// <summary>A picture whose decoder, asked to be lenient, leaves out what is missing: rows of a GIF, strips of a TIFF.</summary>
internal static class LenientDecoding
{
    public static RepairedPicture? RepairOrNull(PictureSource damaged)
    {
        using var opened = (damaged with { IsLenient = true }).Open();
        using var pixels = opened.ReadPixels();
        return RepairedPicture.OrNull(damaged, PictureExtent.Of(pixels));
    }
}
