using Vitrine.Images.Vips;

namespace Vitrine.Benchmarks.Setting;

/// <summary>Any number of different photographs out of a few: each cropped, brightened, perhaps mirrored, and encoded anew.</summary>
internal static class VariedPhotos
{
    private const int PerFolder = 250;

    /// <summary>Makes the folder unless it is there already. The same pictures each time.</summary>
    public static string Ensure(BenchRun run, int count)
    {
        var folder = Path.Join(run.Work, $"photos-{(run.Pictures is null ? "generated" : "given")}-{count}");
        var whole = folder + ".whole";
        if (File.Exists(whole))
            return folder;
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        BenchRun.Say($"Making {count:N0} photographs…");
        using var scratch = run.Scratch();
        var originals = run.Pictures is { } given ? PhotoSet.Find(given) : PhotoSet.Generate(scratch.FullPath, 120);
        if (originals.Length == 0)
            throw new ArgumentException($"There is no .jpg in {run.Pictures}.");
        Parallel.For(0, count, i =>
        {
            var parent = Path.Join(folder, $"{i / PerFolder:000}");
            Directory.CreateDirectory(parent);
            Vary(originals[i % originals.Length], Path.Join(parent, $"photo-{i:00000}.jpg"), i);
        });
        File.WriteAllText(whole, "");
        return folder;
    }

    private static void Vary(string original, string path, int seed)
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
        using var bright = new VipsOperation("linear").With("in", random.Next(2) == 0 ? turned : still)
            .With("a", [0.85 + (0.3 * random.NextDouble())]).With("b", [0.0]).With("uchar", true).Run("out");
        new VipsOperation("jpegsave").With("in", bright).With("filename", path).With("Q", 92).Run();
    }
}
