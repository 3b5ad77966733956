namespace Vitrine.Tests.Embeddings;

/// <summary>Pictures made of a few soft coloured blobs and stripes; the same seed is the same scene at any size, shift and brightness.</summary>
internal static class SyntheticPictures
{
    public const int Side = 64;

    public const int Bytes = Side * Side * 3;

    /// <summary>A scene as RGB, with a margin cut off on every side as a share of the picture.</summary>
    public static byte[] Scene(int seed, double brightness = 1, double margin = 0)
    {
        var random = new Random(seed);
        var background = Colour(random);
        var blobs = Enumerable.Range(0, 6)
            .Select(_ => (X: random.NextDouble(), Y: random.NextDouble(), Size: 0.05 + (0.25 * random.NextDouble()), Colour: Colour(random), Square: random.Next(2) == 0))
            .ToArray();
        var (stripesX, stripesY, stripes) = (random.Next(-10, 11), random.Next(-10, 11), 25 * random.NextDouble());

        var pixels = new byte[Bytes];
        for (var at = 0; at < Side * Side; at++)
        {
            var x = margin + ((1 - (2 * margin)) * ((at % Side) + 0.5) / Side);
            var y = margin + ((1 - (2 * margin)) * ((at / Side) + 0.5) / Side);
            var colour = background;
            foreach (var blob in blobs)
            {
                double dx = Math.Abs(x - blob.X), dy = Math.Abs(y - blob.Y);
                var distance = blob.Square ? Math.Max(dx, dy) : Math.Sqrt((dx * dx) + (dy * dy));
                var share = Math.Clamp(((blob.Size - distance) * Side) + 0.5, 0, 1);
                for (var channel = 0; channel < 3; channel++)
                    colour[channel] += (blob.Colour[channel] - colour[channel]) * share;
            }

            var light = stripes * Math.Sin(2 * Math.PI * ((stripesX * x) + (stripesY * y)));
            for (var channel = 0; channel < 3; channel++)
                pixels[(at * 3) + channel] = (byte)Math.Clamp(Math.Round(brightness * (colour[channel] + light)), 0, 255);
        }

        return pixels;

        static Rgb Colour(Random random) => new(random.Next(30, 220), random.Next(30, 220), random.Next(30, 220));
    }

    /// <summary>Every pixel by whole-number arithmetic only, so that the bytes are the same on every machine.</summary>
    public static byte[] Exact(uint seed)
    {
        var pixels = new byte[Bytes];
        for (var at = 0; at < pixels.Length; at++)
        {
            int channel = at % 3, x = at / 3 % Side, y = at / 3 / Side;
            var wave = ((x * (int)(seed % 7 + 1)) + (y * (channel + 1))) * ((int)(seed % 5) + 1);
            seed = (seed * 1664525) + 1013904223;
            pixels[at] = (byte)((Math.Abs((wave % 256) - 128) * 3 / 2) + (int)(seed >> 28));
        }

        return pixels;
    }

    private struct Rgb(double red, double green, double blue)
    {
        private double _red = red;
        private double _green = green;
        private double _blue = blue;

        public double this[int channel]
        {
            readonly get => channel switch { 0 => _red, 1 => _green, _ => _blue };
            set
            {
                switch (channel)
                {
                    case 0: _red = value; break;
                    case 1: _green = value; break;
                    default: _blue = value; break;
                }
            }
        }
    }
}
