namespace Vitrine.Cli.Samples;

/// <summary>Natural-looking lines.</summary>
internal static class Ridge
{
    /// <summary>A skyline by midpoint displacement: each halving adds smaller bumps.</summary>
    /// <param name="roughness">0 smooth hills to 1 jagged rocks.</param>
    /// <returns>Heights between about -1 and 1, at even steps.</returns>
    public static double[] Heights(Random random, int steps, double roughness)
    {
        var size = 1;
        while (size < steps)
            size *= 2;
        var heights = new double[size + 1];
        (heights[0], heights[size]) = (Signed(random), Signed(random));
        var reach = 1.0;
        for (var span = size; span > 1; span /= 2)
        {
            for (var left = 0; left < size; left += span)
                heights[left + (span / 2)] = ((heights[left] + heights[left + span]) / 2) + (Signed(random) * reach * 0.7);
            reach *= 0.35 + (roughness * 0.25);
        }

        return heights[..(steps + 1)];
    }

    /// <summary>Fills everything below a skyline.</summary>
    public static void Fill(SvgCanvas canvas, double[] heights, double top, double reach, string fill)
    {
        var step = canvas.Width / (double)(heights.Length - 1);
        var line = heights.Select((height, i) => (i * step, top - (height * reach)));
        canvas.Polygon([(0, canvas.Height), .. line, (canvas.Width, canvas.Height)], fill);
    }

    private static double Signed(Random random) => (random.NextDouble() * 2) - 1;
}
