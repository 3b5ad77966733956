namespace Vitrine.Cli.Samples;

/// <summary>Flowers and abstract pictures.</summary>
internal static class Patterns
{
    /// <summary>A bunch of flowers, each of rings of petals.</summary>
    public static void Flowers(SvgCanvas canvas, Random random)
    {
        var leaf = random.Next(80, 160);
        canvas.Background(canvas.Vertical(new Colour(leaf, 0.3, 0.9), new Colour(leaf + 30, 0.35, 0.78)));
        var hue = random.Next(360);
        for (var i = random.Next(9, 16); i > 0; i--)
        {
            var (x, y) = (canvas.Width * random.NextDouble(), canvas.Height * (0.1 + (random.NextDouble() * 0.7)));
            var size = Math.Min(canvas.Width, canvas.Height) * (0.08 + (random.NextDouble() * 0.12));
            canvas.Line([(x, y), (x + (size * 0.2), y + size), (x, canvas.Height)], new Colour(leaf, 0.4, 0.35).Fill, size * 0.06);
            canvas.Ellipse(x + (size * 0.35), y + (size * 1.6), size * 0.5, size * 0.16, new Colour(leaf, 0.45, 0.42).Fill, -30);
            Flower(canvas, random, x, y, size, new Colour(hue + random.Next(-50, 50), 0.75, 0.62));
        }
    }

    /// <summary>Petals in rings around one centre.</summary>
    public static void Mandala(SvgCanvas canvas, Random random)
    {
        var hue = random.Next(360);
        canvas.Background(canvas.Radial(new Colour(hue, 0.4, 0.25), new Colour(hue + 40, 0.5, 0.08)));
        var (x, y, size) = (canvas.Width / 2.0, canvas.Height / 2.0, Math.Min(canvas.Width, canvas.Height) * 0.47);
        for (var ring = 8; ring > 0; ring--)
        {
            var (far, petals) = (size * ring / 8, random.Next(3, 9) * 4);
            var colour = new Colour(hue + (ring * random.Next(15, 45)), 0.7, 0.4 + (ring % 2 * 0.2), 0.8);
            var wide = far * Math.PI / petals * (0.5 + (random.NextDouble() * 0.5));
            for (var petal = 0; petal < petals; petal++)
            {
                var angle = petal * 2 * Math.PI / petals;
                canvas.Ellipse(x + (Math.Cos(angle) * far * 0.8), y + (Math.Sin(angle) * far * 0.8), far * 0.2, wide, colour.Fill, angle * 180 / Math.PI);
            }
        }

        canvas.Circle(x, y, size * 0.06, new Colour(hue + 180, 0.8, 0.7).Fill);
    }

    /// <summary>Bands of flowing colour.</summary>
    public static void Waves(SvgCanvas canvas, Random random)
    {
        var from = new Colour(random.Next(360), 0.75, 0.88);
        var to = new Colour(from.Hue + random.Next(60, 200), 0.8, 0.25);
        canvas.Background(from.Fill);
        var bands = random.Next(7, 18);
        var (phase, length) = (random.NextDouble() * 7, 3 + (random.NextDouble() * 7));
        for (var band = 0; band < bands; band++)
        {
            var part = (band + 1.0) / bands;
            var colour = from.Towards(to, part);
            double Line(double u) => (canvas.Height * part * 0.95)
                + (canvas.Height * 0.09 * Math.Sin((u * length) + phase + (band * 0.55)))
                + (canvas.Height * 0.04 * Math.Sin((u * length * 2.3) - phase + (band * 0.9)));
            var line = Enumerable.Range(0, 101).Select(i => (i / 100.0 * canvas.Width, Line(i / 100.0)));
            canvas.Polygon([(0, canvas.Height), .. line, (canvas.Width, canvas.Height)], canvas.Vertical(colour, colour.With(colour.Lightness * 0.85)));
        }
    }

    /// <summary>Circles, halves and bars on a grid, in few colours.</summary>
    public static void Geometry(SvgCanvas canvas, Random random)
    {
        var hue = random.Next(360);
        Colour[] colours =
        [
            new(hue, 0.7, 0.55), new(hue + 40, 0.8, 0.62), new(hue + 190, 0.55, 0.32), new(hue + 210, 0.3, 0.18), new(40, 0.35, 0.9),
        ];
        var cell = canvas.Height / (double)random.Next(4, 8);
        canvas.Background(colours[4].Fill);
        for (var x = 0.0; x < canvas.Width; x += cell)
        {
            for (var y = 0.0; y < canvas.Height; y += cell)
            {
                var (back, front) = (colours[random.Next(5)], colours[random.Next(5)]);
                canvas.Rectangle(x, y, cell + 1, cell + 1, back.Fill);
                Tile(canvas, random, x, y, cell, front.Fill, back.Fill);
            }
        }
    }

    private static void Tile(SvgCanvas canvas, Random random, double x, double y, double cell, string front, string back)
    {
        switch (random.Next(5))
        {
            case 0:
                canvas.Circle(x + (cell / 2), y + (cell / 2), cell * 0.42, front);
                canvas.Circle(x + (cell / 2), y + (cell / 2), cell * 0.2, back);
                break;
            case 1:
                canvas.Polygon([(x, y), (x + cell, y), (x, y + cell)], front);
                break;
            case 2:
                canvas.Polygon([(x, y + cell), .. Enumerable.Range(0, 25).Select(i => i * Math.PI / 48).Select(a => (x + (Math.Sin(a) * cell), y + cell - (Math.Cos(a) * cell)))], front);
                break;
            case 3:
                for (var bar = 0; bar < 3; bar++)
                    canvas.Rectangle(x, y + (cell * (0.08 + (bar * 0.32))), cell, cell * 0.16, front);
                break;
            default:
                canvas.Rectangle(x + (cell * 0.22), y + (cell * 0.22), cell * 0.56, cell * 0.56, front, turn: 45);
                break;
        }
    }

    private static void Flower(SvgCanvas canvas, Random random, double x, double y, double size, Colour colour)
    {
        var petals = random.Next(6, 14);
        for (var ring = 0; ring < 3; ring++)
        {
            var far = size * (1 - (ring * 0.28));
            var fill = colour.With(colour.Lightness - 0.1 + (ring * 0.1)).Faded(0.92).Fill;
            for (var petal = 0; petal < petals; petal++)
            {
                var angle = (petal + (ring * 0.5)) * 2 * Math.PI / petals;
                canvas.Ellipse(x + (Math.Cos(angle) * far * 0.55), y + (Math.Sin(angle) * far * 0.55), far * 0.45, far * 1.5 / petals, fill, angle * 180 / Math.PI);
            }
        }

        canvas.Circle(x, y, size * 0.2, new Colour(45, 0.9, 0.55).Fill);
        canvas.Circle(x, y, size * 0.1, new Colour(30, 0.8, 0.35).Fill);
    }
}
