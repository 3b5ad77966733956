namespace Vitrine.Cli.Samples;

/// <summary>Outdoor scenes. Each draws another picture for another state of the random numbers.</summary>
internal static class Landscapes
{
    /// <summary>Ridges that pale with distance, below a low sun.</summary>
    public static void Mountains(SvgCanvas canvas, Random random)
    {
        var sky = new Colour(random.Next(180, 380), 0.5 + (random.NextDouble() * 0.3), 0.72);
        var ground = new Colour(sky.Hue + random.Next(-70, 40), 0.35, 0.14);
        canvas.Background(canvas.Vertical(sky.With(0.45), sky, new Colour(sky.Hue + 40, 0.8, 0.84)));
        var (x, y) = (canvas.Width * (0.2 + (random.NextDouble() * 0.6)), canvas.Height * (0.25 + (random.NextDouble() * 0.25)));
        canvas.Circle(x, y, canvas.Height * 0.35, canvas.Radial(new Colour(50, 1, 0.9, 0.8), new Colour(45, 1, 0.8, 0)));
        canvas.Circle(x, y, canvas.Height * 0.05, new Colour(50, 1, 0.95).Fill);
        var layers = random.Next(4, 7);
        for (var layer = 0; layer < layers; layer++)
        {
            var near = (layer + 1.0) / layers;
            var colour = sky.Towards(ground, near);
            Ridge.Fill(
                canvas,
                Ridge.Heights(random, 160, 0.75 - (near * 0.4)),
                canvas.Height * (0.45 + (near * 0.42)),
                canvas.Height * 0.16,
                canvas.Vertical(colour, colour.With(colour.Lightness * 0.75)));
        }
    }

    /// <summary>A horizon, a low sun and its road on the water.</summary>
    public static void Sea(SvgCanvas canvas, Random random)
    {
        var hue = random.Next(0, 60);
        var horizon = canvas.Height * (0.45 + (random.NextDouble() * 0.15));
        canvas.Background(canvas.Vertical(new Colour(220 + hue, 0.5, 0.28), new Colour(300 + hue, 0.5, 0.5), new Colour(380 + (hue * 0.4), 0.9, 0.66)));
        var x = canvas.Width * (0.25 + (random.NextDouble() * 0.5));
        canvas.Circle(x, horizon, canvas.Height * 0.4, canvas.Radial(new Colour(45, 1, 0.8, 0.9), new Colour(35, 1, 0.6, 0)));
        canvas.Circle(x, horizon - (canvas.Height * 0.03), canvas.Height * 0.075, new Colour(48, 1, 0.88).Fill);
        canvas.Rectangle(0, horizon, canvas.Width, canvas.Height - horizon, canvas.Vertical(new Colour(340 + hue, 0.45, 0.5), new Colour(225, 0.6, 0.16)));
        for (var i = 0; i < 150; i++)
        {
            var depth = Math.Pow(random.NextDouble(), 1.6);
            var y = horizon + (depth * (canvas.Height - horizon));
            var far = (random.NextDouble() - 0.5) * canvas.Width * (0.08 + (depth * 0.5));
            var isRoad = Math.Abs(far) < canvas.Width * (0.03 + (depth * 0.1));
            canvas.Ellipse(x + far, y, (10 + (depth * 90)) * canvas.Width / 1600, 0.8 + (depth * 4), isRoad ? new Colour(42, 1, 0.8, 0.7).Fill : new Colour(20 + hue, 0.6, 0.75, 0.18).Fill);
        }

        for (var boat = random.Next(0, 3); boat > 0; boat--)
            Sail(canvas, random.NextDouble() * canvas.Width, horizon + (random.NextDouble() * canvas.Height * 0.1), canvas.Height * (0.04 + (random.NextDouble() * 0.06)));
    }

    /// <summary>Firs in mist, the near ones dark.</summary>
    public static void Forest(SvgCanvas canvas, Random random)
    {
        var mist = new Colour(random.Next(70, 220), 0.25, 0.82);
        canvas.Background(canvas.Vertical(mist, mist.With(0.92), mist.With(0.7)));
        canvas.Circle(canvas.Width * random.NextDouble(), canvas.Height * 0.25, canvas.Height * 0.3, canvas.Radial(new Colour(55, 1, 0.95, 0.9), mist.Faded(0)));
        var dark = new Colour(mist.Hue + random.Next(-20, 30), 0.45, 0.1);
        const int Rows = 6;
        for (var row = 0; row < Rows; row++)
        {
            var near = row / (Rows - 1.0);
            var fill = mist.With(0.72).Towards(dark, 0.15 + (near * 0.85)).Fill;
            var ground = canvas.Height * (0.55 + (near * 0.4));
            Ridge.Fill(canvas, Ridge.Heights(random, 60, 0.2), ground, canvas.Height * 0.03, fill);
            for (var x = -0.02; x < 1.02; x += 0.015 + (near * 0.035) + (random.NextDouble() * 0.03))
                Fir(canvas, x * canvas.Width, ground + (canvas.Height * 0.04), canvas.Height * (0.12 + (near * 0.35)) * (0.7 + (random.NextDouble() * 0.5)), fill);
        }
    }

    /// <summary>Dunes with a lit and a shaded side.</summary>
    public static void Desert(SvgCanvas canvas, Random random)
    {
        var sand = new Colour(random.Next(15, 48), 0.65, 0.62);
        canvas.Background(canvas.Vertical(new Colour(random.Next(195, 235), 0.6, 0.5), new Colour(sand.Hue + 10, 0.6, 0.85)));
        canvas.Circle(canvas.Width * random.NextDouble(), canvas.Height * 0.2, canvas.Height * 0.06, new Colour(50, 1, 0.94).Fill);
        for (var dune = 0; dune < 5; dune++)
        {
            var near = dune / 4.0;
            var top = canvas.Height * (0.42 + (near * 0.38));
            var colour = sand.With(0.74 - (near * 0.3));
            var phase = random.NextDouble() * 7;
            var length = 1.5 + random.NextDouble() + (1 - near);
            double Crest(double u) => top - (canvas.Height * 0.1 * Math.Sin((u * length * Math.PI) + phase)) - (canvas.Height * 0.03 * Math.Sin((u * 9) + phase));
            var line = Enumerable.Range(0, 121).Select(i => (X: i / 120.0 * canvas.Width, Y: Crest(i / 120.0))).ToList();
            canvas.Polygon([(0, canvas.Height), .. line, (canvas.Width, canvas.Height)], canvas.Vertical(colour.With(colour.Lightness + 0.1), colour));
            var shade = line.Select((point, i) => (point.X + (canvas.Width * 0.05), point.Y + (canvas.Height * (0.02 + (0.09 * Math.Abs(Math.Sin((i / 14.0) + phase)))))));
            canvas.Polygon([.. line, .. shade.Reverse()], colour.With(colour.Lightness * 0.7).Faded(0.55).Fill);
        }
    }

    private static void Sail(SvgCanvas canvas, double x, double y, double size)
    {
        canvas.Polygon([(x, y - size), (x, y - (size * 0.1)), (x + (size * 0.5), y - (size * 0.1))], new Colour(40, 0.6, 0.92).Fill);
        canvas.Polygon([(x - 2, y - (size * 0.9)), (x - 2, y - (size * 0.1)), (x - (size * 0.3), y - (size * 0.1))], new Colour(20, 0.5, 0.82).Fill);
        canvas.Polygon([(x - (size * 0.4), y - (size * 0.07)), (x + (size * 0.5), y - (size * 0.07)), (x + (size * 0.3), y + (size * 0.06)), (x - (size * 0.25), y + (size * 0.06))], new Colour(15, 0.5, 0.2).Fill);
    }

    private static void Fir(SvgCanvas canvas, double x, double foot, double size, string fill)
    {
        const int Tiers = 5;
        var right = new List<(double X, double Y)> { (x, foot - size) };
        for (var tier = 1; tier <= Tiers; tier++)
        {
            var y = foot - size + (size * 0.92 * tier / Tiers);
            right.Add((x + (size * 0.22 * tier / Tiers), y));
            right.Add((x + (size * 0.1 * tier / Tiers), y - (size * 0.015)));
        }

        canvas.Polygon([.. right, .. Enumerable.Reverse(right).Select(point => ((2 * x) - point.X, point.Y))], fill);
        canvas.Rectangle(x - (size * 0.02), foot - (size * 0.1), size * 0.04, size * 0.12, fill);
    }
}
