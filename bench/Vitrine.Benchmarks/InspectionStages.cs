using System.Diagnostics;
using Vitrine.Decoding;
using Vitrine.Images;
using Vitrine.Images.Metadata;
using Vitrine.Images.Vips;

namespace Vitrine.Benchmarks;

/// <summary>Where the time of one inspection goes, on one thread: the map for tuning phase 2.</summary>
internal static class InspectionStages
{
    public static int Run(string[] args)
    {
        var arguments = new BenchArguments(args);
        var paths = PhotoSet.Find(arguments.Folder ?? throw new ArgumentException("Name a folder of JPEG files."));
        var stages = new Dictionary<string, double>();
        using var reader = new FileReader();
        using var inspector = new FileInspector(new DecoderOptions().PixelLimit);
        for (var round = 0; round < arguments.Number("rounds", 4); round++)
        {
            // The first round compiles.
            if (round == 1)
                stages.Clear();
            foreach (var path in paths)
            {
                TimeAction("read", () => reader.ReadWithoutHashing(path));
                Time("read and hash", () => reader.Read(path));
                Time("metadata", () => MetadataReader.Read(reader.Buffer.Memory, null));
                var source = new PictureSource("jpeg", reader.Buffer, path);
                TimeAction("header", () => source.Open().Dispose());
                using var opened = source.Open();
                using var pixels = Time("decode", () => PictureRenderer.Shrink(source, opened, 320));
                Time("encode, effort 2", () => PictureRenderer.Encode(pixels, new WebPEncoding(80, 2)));
                var means = Time("area means", () => AreaMeans.Of(pixels.Span, pixels.Width, pixels.Height, pixels.Bands, PictureHash.Side));
                Time("perceptual hash", () => PictureHash.Compute(means));
                Time("colour", () => AverageColour.Compute(pixels.Span, pixels.Bands));
                Time("all: Inspect", () => inspector.Inspect(new InspectRequest(path), 320, new WebPEncoding(80, 2)));
            }
        }
        var runs = paths.Length * Math.Max(1, arguments.Number("rounds", 4) - 1);
        foreach (var (stage, milliseconds) in stages)
            Console.WriteLine($"{stage,-18} {milliseconds / runs,8:0.000} ms");
        Console.WriteLine($"libvips {VipsLibrary.Version}");
        return 0;

        T Time<T>(string stage, Func<T> work)
        {
            var start = Stopwatch.GetTimestamp();
            var result = work();
            stages[stage] = stages.GetValueOrDefault(stage) + Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return result;
        }

        void TimeAction(string stage, Action work) => Time(stage, () =>
        {
            work();
            return 0;
        });
    }
}
