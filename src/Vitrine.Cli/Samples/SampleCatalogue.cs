using System.Globalization;

namespace Vitrine.Cli.Samples;

/// <summary>Which pictures the sample folder holds: ten series of twelve, in nested folders, in every format that can be written.</summary>
internal static class SampleCatalogue
{
    private const int PerSeries = 12;

    private static readonly (string Folder, string Name, Action<SvgCanvas, Random> Paint, string[] Keywords)[] s_series =
    [
        ("Landscapes/Mountains", "ridge", Landscapes.Mountains, ["mountains", "landscape", "sun"]),
        ("Landscapes/Sea", "sunset", Landscapes.Sea, ["sea", "sunset", "landscape", "sun"]),
        ("Landscapes/Forest", "mist", Landscapes.Forest, ["forest", "mist", "landscape"]),
        ("Landscapes/Desert", "dunes", Landscapes.Desert, ["desert", "dunes", "landscape"]),
        ("Nights/Sky", "stars", Nights.Sky, ["night", "stars"]),
        ("Nights/Planets", "planet", Nights.Planet, ["planet", "space", "stars"]),
        ("Nights/City", "skyline", Nights.City, ["city", "night", "windows"]),
        ("Flowers", "bunch", Patterns.Flowers, ["flowers", "spring"]),
        ("Abstract/Mandalas", "mandala", Patterns.Mandala, ["abstract", "symmetry"]),
        ("Abstract/Waves and tiles", "pattern", WavesOrTiles, ["abstract", "pattern"]),
    ];

    private static readonly (int Width, int Height)[] s_sizes = [(1600, 1067), (1600, 1067), (1067, 1600), (1600, 900), (1200, 1200), (1920, 820)];

    private static readonly string[] s_extensions = ["jpg", "jpg", "jpg", "jpg", "jpg", "webp", "jpg", "png", "jpg", "tif", "avif", "jpg"];

    public static IEnumerable<SamplePicture> Pictures()
    {
        for (var series = 0; series < s_series.Length; series++)
        {
            var (folder, name, paint, keywords) = s_series[series];
            for (var number = 1; number <= PerSeries; number++)
            {
                // Scattered: neighbouring seeds would begin with nearly the same numbers, and so with the same colours.
                var seed = unchecked((int)(((series * 1000) + number) * 2_654_435_761));
                var random = new Random(seed);
                var (width, height) = s_sizes[random.Next(s_sizes.Length)];
                var title = string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(name[0])}{name[1..]} {number}");
                var facts = number % 6 == 0 ? null : SampleFacts.Invent(random, title, keywords);
                yield return new SamplePicture($"{folder}/{name}-{number:00}.{s_extensions[(number + series) % s_extensions.Length]}", paint, seed, width, height, facts);
            }
        }

        // As it was drawn: the server makes pixels of it.
        yield return new SamplePicture("Abstract/drawing.svg", Patterns.Geometry, 42, 1600, 1067, Facts: null);
    }

    private static void WavesOrTiles(SvgCanvas canvas, Random random)
    {
        if (random.Next(2) == 0)
            Patterns.Waves(canvas, random);
        else
            Patterns.Geometry(canvas, random);
    }
}
