using System.Numerics.Tensors;

namespace Vitrine.Images;

/// <summary>
/// A picture as side × side cells, the aspect ratio not kept: each cell is the exact mean of the pixels under it, and a pixel on an edge counts for
/// each cell by its share. What the perceptual hash and small embedders see of a picture.
/// </summary>
internal sealed class AreaMeans
{
    private readonly float[] _cells;

    private AreaMeans(int side, float[] cells) => (Side, _cells) = (side, cells);

    /// <summary>Cells per row and column.</summary>
    public int Side { get; }

    /// <summary>The means of straight (not premultiplied) eight-bit pixels; transparent parts are seen on white.</summary>
    /// <param name="pixels">Row-major, interleaved.</param>
    /// <param name="width">Pixels, at least 1.</param>
    /// <param name="height">Pixels, at least 1.</param>
    /// <param name="bands">1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.</param>
    /// <param name="side">Cells, at least 1.</param>
    public static AreaMeans Of(ReadOnlySpan<byte> pixels, int width, int height, int bands, int side)
    {
        var colours = bands is 2 or 4 ? bands - 1 : bands;
        float[] row = new float[width * colours], sums = new float[row.Length];
        var cells = new float[side * side * 3];
        var cellHeight = (double)height / side;
        for (var cell = 0; cell < side; cell++)
        {
            // Down first: whole rows are added as vectors, and only their sum is then divided among the cells.
            double from = cell * cellHeight, to = (cell + 1) * cellHeight;
            Array.Clear(sums);
            for (var y = (int)from; y < height && y < to; y++)
            {
                ReadRow(pixels.Slice(y * width * bands, width * bands), bands, row);
                TensorPrimitives.MultiplyAdd(row, (float)((Math.Min(y + 1, to) - Math.Max(y, from)) / cellHeight), sums, sums);
            }

            AverageRow(sums, colours, cells.AsSpan(cell * side * 3, side * 3));
        }

        return new AreaMeans(side, cells);
    }

    /// <summary>Rounded to the nearest: RGB, row-major, side × side × 3 bytes.</summary>
    public byte[] ToRgb()
    {
        var rgb = new byte[_cells.Length];
        for (var i = 0; i < rgb.Length; i++)
            rgb[i] = (byte)(_cells[i] + 0.5f);
        return rgb;
    }

    /// <summary>Luma by the weights of ITU-R BT.601, 0 to 255, row-major.</summary>
    public void ReadLuma(Span<float> luma)
    {
        for (var i = 0; i < luma.Length; i++)
            luma[i] = (0.299f * _cells[i * 3]) + (0.587f * _cells[(i * 3) + 1]) + (0.114f * _cells[(i * 3) + 2]);
    }

    private static void ReadRow(ReadOnlySpan<byte> pixels, int bands, Span<float> row)
    {
        if (bands is 1 or 3)
        {
            TensorPrimitives.ConvertTruncating(pixels, row);
            return;
        }

        var colours = bands - 1;
        for (int at = 0, to = 0; to < row.Length; at += bands)
        {
            var opacity = pixels[at + colours] / 255f;
            for (var band = 0; band < colours; band++)
                row[to++] = 255 + ((pixels[at + band] - 255) * opacity);
        }
    }

    private static void AverageRow(ReadOnlySpan<float> sums, int colours, Span<float> cells)
    {
        var width = sums.Length / colours;
        var side = cells.Length / 3;
        var cellWidth = (double)width / side;
        for (var cell = 0; cell < side; cell++)
        {
            double from = cell * cellWidth, to = (cell + 1) * cellWidth;
            float red = 0, green = 0, blue = 0;
            for (var x = (int)from; x < width && x < to; x++)
            {
                var share = (float)((Math.Min(x + 1, to) - Math.Max(x, from)) / cellWidth);
                var pixel = sums.Slice(x * colours, colours);
                red += pixel[0] * share;
                green += pixel[colours == 3 ? 1 : 0] * share;
                blue += pixel[colours == 3 ? 2 : 0] * share;
            }

            (cells[cell * 3], cells[(cell * 3) + 1], cells[(cell * 3) + 2]) = (red, green, blue);
        }
    }
}
