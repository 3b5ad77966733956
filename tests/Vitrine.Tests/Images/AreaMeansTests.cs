using Vitrine.Images;
using Xunit;

namespace Vitrine.Tests.Images;

/// <summary>Cells are the exact means of the pixels under them, whatever the sizes.</summary>
public sealed class AreaMeansTests
{
    [Theory]
    [InlineData(1, 1, 3, 64)]
    [InlineData(320, 240, 3, 64)]
    [InlineData(213, 320, 3, 64)]
    [InlineData(320, 5, 4, 64)]
    [InlineData(17, 90, 1, 64)]
    [InlineData(100, 100, 2, 32)]
    [InlineData(64, 64, 3, 64)]
    public void Of_AnySize_IsTheMeanOfWhatLiesUnderEachCell(int width, int height, int bands, int side)
    {
        var pixels = new byte[width * height * bands];
        new Random(width + height).NextBytes(pixels);

        var rgb = AreaMeans.Of(pixels, width, height, bands, side).ToRgb();

        Assert.Equal(side * side * 3, rgb.Length);
        for (var cell = 0; cell < side * side; cell += 7)
        {
            for (var band = 0; band < 3; band++)
            {
                var expected = Mean(pixels, width, height, bands, side, cell % side, cell / side, band);
                Assert.True(Math.Abs(expected - rgb[(cell * 3) + band]) <= 0.51, $"cell {cell}, band {band}: {expected:0.00} expected, {rgb[(cell * 3) + band]} found");
            }
        }
    }

    [Fact]
    public void Of_TransparentPixels_AreSeenOnWhite()
    {
        byte[] half = [0, 0, 0, 255, 200, 10, 10, 0];

        Assert.Equal([0, 0, 0, 255, 255, 255], AreaMeans.Of(half, 2, 1, 4, 2).ToRgb()[..6]);
    }

    /// <summary>By the definition, pixel by pixel.</summary>
    private static double Mean(byte[] pixels, int width, int height, int bands, int side, int column, int row, int band)
    {
        double left = column * (double)width / side, right = (column + 1) * (double)width / side;
        double top = row * (double)height / side, bottom = (row + 1) * (double)height / side;
        double sum = 0, area = 0;
        for (var y = (int)top; y < height && y < bottom; y++)
        {
            for (var x = (int)left; x < width && x < right; x++)
            {
                var share = (Math.Min(x + 1, right) - Math.Max(x, left)) * (Math.Min(y + 1, bottom) - Math.Max(y, top));
                var at = ((y * width) + x) * bands;
                double value = pixels[at + (bands < 3 ? 0 : band)];
                if (bands is 2 or 4)
                    value = 255 + ((value - 255) * pixels[at + bands - 1] / 255);
                sum += value * share;
                area += share;
            }
        }

        return sum / area;
    }
}
