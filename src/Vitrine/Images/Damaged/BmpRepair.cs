namespace Vitrine.Images.Damaged;

/// <summary>A BMP that ends too early: its rows are counted. Most have the bottom row first, so that the top is what is missing.</summary>
internal static class BmpRepair
{
    public static RepairedPicture? RepairOrNull(PictureSource damaged)
    {
        var (rows, height) = BmpReader.CountRows(damaged);
        return rows < height ? RepairedPicture.OrNull(damaged, rows / (double)height) : null; // else it does not decode for another reason
    }
}
