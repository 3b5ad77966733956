using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Vitrine.Decoding;
using Vitrine.Embeddings;
using Vitrine.Images;

namespace Vitrine.Benchmarks.Embeddings;

/// <summary>
/// How far near duplicates and strangers lie apart: changes every picture of a folder with the vips command line, and compares the vectors.
/// </summary>
internal static class DescriptorQuality
{
    private static readonly (string Name, Func<int, int, string[]> Command)[] s_changes =
    [
        ("half size, JPEG 85", (_, _) => ["resize", "IN", "OUT[Q=85]", "0.5"]),
        ("quarter size, JPEG 80", (_, _) => ["resize", "IN", "OUT[Q=80]", "0.25"]),
        ("JPEG 30", (_, _) => ["copy", "IN", "OUT[Q=30]"]),
        ("10 % brighter", (_, _) => ["linear", "IN", "OUT[Q=90]", "1.1", "0", "--uchar"]),
        ("10 % darker", (_, _) => ["linear", "IN", "OUT[Q=90]", "0.9", "0", "--uchar"]),
        ("cropped to 98 %", (width, height) => Crop(width, height, 1)),
        ("cropped to 95 %", (width, height) => Crop(width, height, 2.5)),
        ("cropped to 90 %", (width, height) => Crop(width, height, 5)),
        ("mirrored", (_, _) => ["flip", "IN", "OUT[Q=90]", "horizontal"]),
    ];

    public static async Task RunAsync(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        var scratch = Directory.CreateTempSubdirectory("vitrine-descriptor");
        try
        {
            var descriptor = new VisualDescriptor();
            var originals = await EmbedAsync(descriptor, files, null, scratch.FullName);
            Console.WriteLine($"{files.Length} pictures, {descriptor.Space.Name}, {descriptor.Space.Dimensions} dimensions");
            Console.WriteLine($"""

                | against the original | least | 5th percentile | median | original found first |
                |---|---|---|---|---|
                """);
            foreach (var (name, command) in s_changes)
            {
                var changed = await EmbedAsync(descriptor, files, command, scratch.FullName);
                var own = originals.Zip(changed, Similarity).Order().ToArray();
                var first = changed.Where((vector, i) =>
                    originals.Select(original => Similarity(original, vector)).Index().MaxBy(entry => entry.Item).Index == i).Count();
                Console.WriteLine($"| {name} | {own[0]:F3} | {At(own, 0.05):F3} | {At(own, 0.5):F3} | {first} of {files.Length} |");
            }

            var strangers = originals.SelectMany((vector, i) => originals.Skip(i + 1).Select(other => Similarity(vector, other))).Order().ToArray();
            Console.WriteLine($"""

                | strangers: pairs | mean | median | 95th percentile | 99th | 99.9th | greatest |
                |---|---|---|---|---|---|---|
                | {strangers.Length:N0} | {strangers.Average():F3} | {At(strangers, 0.5):F3} | {At(strangers, 0.95):F3} | {At(strangers, 0.99):F3} | {At(strangers, 0.999):F3} | {strangers[^1]:F3} |
                """);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static string[] Crop(int width, int height, double percentOfEachSide)
    {
        int x = (int)(width * percentOfEachSide / 100), y = (int)(height * percentOfEachSide / 100);
        return ["crop", "IN", "OUT[Q=90]", Text(x), Text(y), Text(width - (2 * x)), Text(height - (2 * y))];
    }

    private static async Task<float[][]> EmbedAsync(VisualDescriptor descriptor, string[] files, Func<int, int, string[]>? command, string scratch)
    {
        var vectors = new float[files.Length][];
        await Parallel.ForEachAsync(files.Index(), async (entry, _) =>
        {
            var (i, file) = entry;
            var source = file;
            if (command is not null)
            {
                var width = int.Parse(await RunAsync("vipsheader", ["-f", "width", file]), CultureInfo.InvariantCulture);
                var height = int.Parse(await RunAsync("vipsheader", ["-f", "height", file]), CultureInfo.InvariantCulture);
                source = Path.Combine(scratch, $"{i}.jpg");
                await RunAsync("vips", command(width, height).Select(part => part == "IN" ? file : part.Replace("OUT", source, StringComparison.Ordinal)));
            }

            // As an import does it: from the pixels of the thumbnail, before they are encoded.
            var options = new DecoderOptions();
            using var inspector = new FileInspector(options.PixelLimit);
            var encoding = new WebPEncoding(options.ThumbnailQuality, options.ThumbnailEffort);
            var inspection = inspector.Inspect(new InspectRequest(source, SquashSide: descriptor.InputSide), options.ThumbnailLongSide, encoding);
            vectors[i] = new float[descriptor.Space.Dimensions];
            descriptor.Embed(inspection.Thumbnail!.Squashed!, 1, vectors[i]);
        });
        return vectors;
    }

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}.");
    }

    private static float Similarity(float[] a, float[] b) => TensorPrimitives.Dot<float>(a, b);

    private static float At(float[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
