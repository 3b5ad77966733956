using Vitrine.Benchmarks.Setting;
using Vitrine.Images.Vips;

namespace Vitrine.Benchmarks;

/// <summary>Photographs of about one file size.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Paths">Absolute.</param>
internal sealed record PhotoSet(string Name, IReadOnlyList<string> Paths)
{
    public double MeanMegabytes => Paths.Average(path => new FileInfo(path).Length) / 1e6;

    /// <summary>
    /// Small, medium and large photographs. Large ones are mosaics of small ones: as much detail per pixel as a photograph has, which
    /// plain enlarging would lose. Without a folder the small ones are noise of several scales. What is there already is taken as it is.
    /// </summary>
    public static IReadOnlyList<PhotoSet> Make(string? folder, string target)
    {
        var small = folder is not null ? Find(folder) : Generate(Path.Combine(target, "0"), 120);
        return
        [
            new("as found, ≥ 0.1 MB", [.. small.Where(path => new FileInfo(path).Length >= 100_000).Take(400)]),
            new("3 × 3 mosaics", Mosaics(small, 3, 120, Path.Combine(target, "3"))),
            new("6 × 6 mosaics", Mosaics(small, 6, 50, Path.Combine(target, "6"))),
            new("11 × 11 mosaics", Mosaics(small, 11, 20, Path.Combine(target, "11"))),
        ];
    }

    /// <summary>Where a run keeps them.</summary>
    public static string Folder(BenchRun run) => Path.Join(run.Work, run.Pictures is null ? "mosaics-generated" : "mosaics-given");

    public static string[] Find(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public static string[] Generate(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        return [.. Enumerable.Range(0, count).Select(i => Noise(Path.Combine(folder, $"noise{i}.jpg"), i))];
    }

    private static string Noise(string path, int seed)
    {
        var bands = Enumerable.Range(0, 3).Select(band =>
        {
            using var coarse = new VipsOperation("perlin").With("width", 800).With("height", 600).With("seed", (seed * 3) + band).Run("out");
            using var bright = new VipsOperation("linear").With("in", coarse).With("a", [90.0]).With("b", [128.0]).Run("out");
            using var grain = new VipsOperation("gaussnoise").With("width", 800).With("height", 600).With("sigma", 9.0).With("mean", 0.0).With("seed", seed).Run("out");
            return new VipsOperation("add").With("left", bright).With("right", grain).Run("out");
        }).ToArray();
        using var joined = new VipsOperation("bandjoin").With("in", bands).Run("out");
        using var rgb = new VipsOperation("cast").With("in", joined).With("format", 0).Run("out");
        using var image = new VipsOperation("copy").With("in", rgb).With("interpretation", VipsInterpretation.SRgb).Run("out");
        new VipsOperation("jpegsave").With("in", image).With("filename", path).With("Q", 90).Run();
        foreach (var band in bands)
            band.Dispose();
        return path;
    }

    private static List<string> Mosaics(string[] small, int across, int count, string folder)
    {
        Directory.CreateDirectory(folder);
        var paths = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var path = Path.Combine(folder, $"mosaic{across}-{i}.jpg");
            paths.Add(path);
            if (File.Exists(path))
                continue;
            var random = new Random((across * 1000) + i);
            var tiles = Enumerable.Range(0, across * across).Select(_ => Tile(small[random.Next(small.Length)])).ToArray();
            using var mosaic = new VipsOperation("arrayjoin").With("in", tiles).With("across", across).Run("out");
            new VipsOperation("jpegsave").With("in", mosaic).With("filename", path + ".part").With("Q", 92).Run();
            File.Move(path + ".part", path);
            foreach (var tile in tiles)
                tile.Dispose();
        }
        return paths;
    }

    private static VipsImage Tile(string path)
    {
        using var loaded = new VipsOperation("thumbnail").With("filename", path).With("width", 640).With("height", 480).With("crop", 3 /* attention: any crop does */).Run("out");
        using var rgb = new VipsOperation("colourspace").With("in", loaded).With("space", VipsInterpretation.SRgb).Run("out");
        // Into memory: a mosaic asks for its tiles in another order than a file can be read.
        return new VipsOperation("copy").With("in", rgb).Run("out").Detach();
    }
}
