namespace Vitrine.Cli.Samples;

/// <summary>Scenes after dark.</summary>
internal static class Nights
{
    /// <summary>Stars, a moon or a northern light, over hills.</summary>
    public static void Sky(SvgCanvas canvas, Random random)
    {
        var hue = random.Next(200, 280);
        canvas.Background(canvas.Vertical(new Colour(hue, 0.6, 0.06), new Colour(hue, 0.55, 0.16), new Colour(hue - 40, 0.5, 0.3)));
        Stars(canvas, random, 500);
        if (random.Next(2) == 0)
            Aurora(canvas, random);
        else
            Moon(canvas, random);
        Ridge.Fill(canvas, Ridge.Heights(random, 120, 0.5), canvas.Height * 0.8, canvas.Height * 0.1, new Colour(hue, 0.5, 0.08).Fill);
        Ridge.Fill(canvas, Ridge.Heights(random, 120, 0.3), canvas.Height * 0.92, canvas.Height * 0.06, new Colour(hue, 0.5, 0.04).Fill);
    }

    /// <summary>A planet with bands, rings and moons.</summary>
    public static void Planet(SvgCanvas canvas, Random random)
    {
        canvas.Background(canvas.Vertical(new Colour(250, 0.5, 0.03), new Colour(random.Next(200, 340), 0.5, 0.12)));
        Stars(canvas, random, 700);
        var (x, y) = (canvas.Width * (0.35 + (random.NextDouble() * 0.3)), canvas.Height * (0.4 + (random.NextDouble() * 0.2)));
        var radius = Math.Min(canvas.Width, canvas.Height) * (0.2 + (random.NextDouble() * 0.12));
        var body = new Colour(random.Next(360), 0.55, 0.6);
        var turn = random.Next(-35, 35);
        canvas.Circle(x, y, radius * 1.5, canvas.Radial(body.Faded(0.5), body.Faded(0)));
        canvas.Circle(x, y, radius, body.Fill);
        for (var band = -5; band <= 5; band++)
        {
            var offset = band / 6.0;
            var half = Math.Sqrt(1 - (offset * offset)) * radius;
            var angle = turn * Math.PI / 180;
            var colour = new Colour(body.Hue + random.Next(-30, 30), 0.5, 0.4 + (random.NextDouble() * 0.35), 0.5);
            canvas.Ellipse(x - (Math.Sin(angle) * offset * radius), y + (Math.Cos(angle) * offset * radius), half, radius * (0.04 + (random.NextDouble() * 0.07)), colour.Fill, turn);
        }

        canvas.Circle(x + (radius * 0.35), y + (radius * 0.3), radius * 1.25, canvas.Radial(new Colour(0, 0, 0, 0), new Colour(0, 0, 0, 0), new Colour(240, 0.5, 0.02, 0.55), new Colour(0, 0, 0, 0)));
        for (var ring = 0; ring < 14; ring++)
            Arc(canvas, x, y, radius * (1.35 + (ring * 0.05)), turn, body.With(0.5 + (random.NextDouble() * 0.4)).Faded(0.3 + (random.NextDouble() * 0.5)).Fill, radius * 0.03);
        for (var moon = random.Next(1, 4); moon > 0; moon--)
            canvas.Circle(random.NextDouble() * canvas.Width, random.NextDouble() * canvas.Height, radius * (0.04 + (random.NextDouble() * 0.1)), new Colour(random.Next(360), 0.2, 0.75).Fill);
    }

    /// <summary>Towers with lit windows, and their light in the haze.</summary>
    public static void City(SvgCanvas canvas, Random random)
    {
        var hue = random.Next(200, 330);
        canvas.Background(canvas.Vertical(new Colour(hue, 0.6, 0.1), new Colour(hue + 40, 0.5, 0.35), new Colour(hue + 100, 0.7, 0.6)));
        Stars(canvas, random, 80);
        for (var row = 0; row < 3; row++)
        {
            var tower = new Colour(hue, 0.4, 0.26 - (row * 0.1));
            for (var x = -40.0; x < canvas.Width;)
            {
                var wide = canvas.Width * (0.03 + (random.NextDouble() * 0.06));
                var high = canvas.Height * (0.2 + (random.NextDouble() * (0.5 - (row * 0.12))));
                canvas.Rectangle(x, canvas.Height - high, wide, high, canvas.Vertical(tower, tower.With(tower.Lightness * 0.6)));
                Windows(canvas, random, x, canvas.Height - high, wide, high, row);
                if (random.Next(4) == 0)
                    canvas.Rectangle(x + (wide / 2), canvas.Height - (high * 1.15), 3, high * 0.15, tower.Fill);
                x += wide * (1 + (random.NextDouble() * 0.25));
            }
        }
    }

    private static void Windows(SvgCanvas canvas, Random random, double x, double top, double wide, double high, int row)
    {
        var pane = canvas.Width * (0.004 + (row * 0.001));
        for (var y = top + (pane * 2); y < top + high - pane; y += pane * 2.6)
        {
            for (var at = x + pane; at < x + wide - (pane * 1.5); at += pane * 2)
            {
                if (random.Next(100) < 38)
                    canvas.Rectangle(at, y, pane, pane * 1.5, new Colour(random.Next(30, 60), 0.95, 0.55 + (random.NextDouble() * 0.3), 0.4 + (row * 0.25)).Fill);
            }
        }
    }

    private static void Stars(SvgCanvas canvas, Random random, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var bright = Math.Pow(random.NextDouble(), 4);
            canvas.Circle(random.NextDouble() * canvas.Width, random.NextDouble() * canvas.Height, 0.6 + (bright * 2.2), new Colour(random.Next(180, 420), 0.6, 0.9, 0.35 + (bright * 0.6)).Fill);
        }
    }

    private static void Moon(SvgCanvas canvas, Random random)
    {
        var (x, y, radius) = (canvas.Width * (0.15 + (random.NextDouble() * 0.7)), canvas.Height * (0.2 + (random.NextDouble() * 0.25)), canvas.Height * (0.05 + (random.NextDouble() * 0.07)));
        canvas.Circle(x, y, radius * 4, canvas.Radial(new Colour(50, 0.5, 0.9, 0.5), new Colour(50, 0.5, 0.9, 0)));
        canvas.Circle(x, y, radius, new Colour(48, 0.4, 0.93).Fill);
        for (var crater = 0; crater < 9; crater++)
        {
            var (angle, far) = (random.NextDouble() * 6.3, Math.Sqrt(random.NextDouble()) * 0.75);
            canvas.Circle(x + (Math.Cos(angle) * far * radius), y + (Math.Sin(angle) * far * radius), radius * (0.04 + (random.NextDouble() * 0.12)), new Colour(45, 0.2, 0.8, 0.6).Fill);
        }
    }

    private static void Aurora(SvgCanvas canvas, Random random)
    {
        for (var curtain = 0; curtain < 3; curtain++)
        {
            var (hue, phase, foot) = (random.Next(110, 200), random.NextDouble() * 7, canvas.Height * (0.4 + (random.NextDouble() * 0.25)));
            var fill = canvas.Vertical(new Colour(hue + 120, 0.8, 0.6, 0), new Colour(hue + 30, 0.9, 0.6, 0.16), new Colour(hue, 0.9, 0.65, 0.4), new Colour(hue, 0.9, 0.6, 0));
            for (var i = 0; i < 90; i++)
            {
                var u = i / 89.0;
                var sway = Math.Sin((u * 5) + phase) + (0.4 * Math.Sin((u * 13) + phase));
                var high = canvas.Height * (0.3 + (0.12 * Math.Sin((u * 31) + phase)));
                canvas.Rectangle(u * canvas.Width, foot + (sway * canvas.Height * 0.08) - high, canvas.Width / 60.0, high * 1.15, fill);
            }
        }
    }

    /// <summary>The front half of a ring, seen from above.</summary>
    private static void Arc(SvgCanvas canvas, double x, double y, double radius, double turn, string colour, double thickness)
    {
        var (sin, cos) = Math.SinCos(turn * Math.PI / 180);
        canvas.Line(
            Enumerable.Range(-6, 53).Select(i => i * Math.PI / 40).Select(angle => (U: Math.Cos(angle) * radius, V: Math.Sin(angle) * radius * 0.25))
                .Select(point => (x + (point.U * cos) - (point.V * sin), y + (point.U * sin) + (point.V * cos))),
            colour,
            thickness);
    }
}
