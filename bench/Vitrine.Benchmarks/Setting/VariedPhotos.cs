using Vitrine.Images.Vips;

namespace Vitrine.Benchmarks.Setting;

/// <summary>Any number of different photographs out of a few: each cropped, brightened, perhaps mirrored, and encoded anew.</summary>
internal static class VariedPhotos
{
    private const int PerFolder = 250;

    /// <summary>Bytes: what is smaller may be no photograph of 0.1 MB any more once it is cropped and darkened.</summary>
    private const int SmallestOriginal = 220_000;

    /// <summary>Makes the folder unless it is there already. The same pictures each time.</summary>
    public static string Ensure(BenchRun run, int count) => Ensure(run, count, "photos", seed => 1);

    /// <summary>
    /// Photographs of 0.1 to 5 MB, as a mixed folder has them: half as found, the others mosaics of up to 6 × 6, the larger the rarer.
    /// </summary>
    public static string EnsureMixed(BenchRun run, int count) => Ensure(run, count, "mixed", seed => s_across[seed * 37 % s_across.Length]);

    /// <summary>Tiles per side, of a hundred photographs 50, 20, 12, 8, 6 and 4.</summary>
    private static readonly int[] s_across =
        [.. new[] { 50, 20, 12, 8, 6, 4 }.SelectMany((share, at) => Enumerable.Repeat(at + 1, share))];

    /// <param name="across">Of a photograph by its number: how many varied originals stand side by side.</param>
    private static string Ensure(BenchRun run, int count, string name, Func<int, int> across)
    {
        var folder = Path.Join(run.Work, $"{name}-{(run.Pictures is null ? "generated" : "given")}-{count}");
        var whole = folder + ".whole";
        if (File.Exists(whole))
            return folder;
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        BenchRun.Say($"Making {count:N0} photographs…");
        using var scratch = run.Scratch();
        var originals = run.Pictures is { } given
            ? [.. PhotoSet.Find(given).Where(path => new FileInfo(path).Length >= SmallestOriginal)]
            : PhotoSet.Generate(scratch.FullPath, 120);
        if (originals.Length == 0)
            throw new ArgumentException($"There is no .jpg of {SmallestOriginal:N0} bytes or more in {run.Pictures}.");
        Parallel.For(0, count, i =>
        {
            var parent = Path.Join(folder, $"{i / PerFolder:000}");
            Directory.CreateDirectory(parent);
            var tiles = Enumerable.Range(0, across(i) * across(i)).Select(tile => Vary(originals[(i + tile) % originals.Length], i + (tile * count))).ToArray();
            using var photo = across(i) == 1 ? VipsImage.Share(tiles[0]) : Join(tiles, across(i));
            new VipsOperation("jpegsave").With("in", photo).With("filename", Path.Join(parent, $"photo-{i:00000}.jpg")).With("Q", 92).Run();
            foreach (var tile in tiles)
                tile.Dispose();
        });
        File.WriteAllText(whole, "");
        return folder;
    }

    private static VipsImage Join(VipsImage[] tiles, int across)
    {
        var same = tiles.Select(tile => new VipsOperation("thumbnail_image").With("in", tile).With("width", 520).With("height", 390).With("crop", 1 /* centre */).Run("out")).ToArray();
        var joined = new VipsOperation("arrayjoin").With("in", same).With("across", across).Run("out").Detach();
        foreach (var tile in same)
            tile.Dispose();
        return joined;
    }

    private static VipsImage Vary(string original, int seed)
    {
        var random = new Random(seed);
        using var loaded = new VipsOperation("jpegload").With("filename", original).Run("out");
        using var rgb = new VipsOperation("colourspace").With("in", loaded).With("space", VipsInterpretation.SRgb).Run("out");
        var width = (int)(rgb.Width * (0.85 + (0.15 * random.NextDouble())));
        var height = (int)(rgb.Height * (0.85 + (0.15 * random.NextDouble())));
        using var cropped = new VipsOperation("extract_area").With("input", rgb)
            .With("left", random.Next(rgb.Width - width + 1)).With("top", random.Next(rgb.Height - height + 1))
            .With("width", width).With("height", height).Run("out");
        // Mirroring needs the rows in memory, where a JPEG gives them once and from above.
        using var still = new VipsOperation("copy").With("in", cropped).Run("out").Detach();
        using var turned = new VipsOperation("flip").With("in", still).With("direction", 0).Run("out");
        return new VipsOperation("linear").With("in", random.Next(2) == 0 ? turned : still)
            .With("a", [0.85 + (0.3 * random.NextDouble())]).With("b", [0.0]).With("uchar", true).Run("out").Detach();
    }
}
