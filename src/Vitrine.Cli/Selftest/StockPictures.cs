using System.Globalization;
using Vitrine.Cli.Samples;
using Vitrine.Images.Vips;

namespace Vitrine.Cli.Selftest;

/// <summary>A few small pictures in every format that libvips writes; the self-test makes its files of them.</summary>
internal static class StockPictures
{
    /// <summary>The name of the one with more pixels than a decoder takes.</summary>
    public const string Enormous = "enormous.png";

    private static readonly string[] s_extensions = ["jpg", "jpg", "jpg", "jpg", "png", "png", "webp", "webp", "gif", "tif", "avif", "svg"];

    private static readonly Action<SvgCanvas, Random>[] s_paints =
        [Patterns.Geometry, Patterns.Waves, Patterns.Flowers, Patterns.Mandala, Landscapes.Sea, Landscapes.Mountains, Nights.Planet];

    /// <summary>The hidden command <c>vitrine decoder selftest FOLDER</c>: a child process, because only those load libvips.</summary>
    /// <returns>The exit code.</returns>
    public static int Make(string folder) => ChildProgram.Work(() =>
    {
        VipsLibrary.Initialize();
        Parallel.For(0, s_extensions.Length * 2, number => Make(folder, number));
        using var black = new VipsOperation("black").With("width", 30_000).With("height", 20_000).Run("out");
        File.WriteAllBytes(
            Path.Join(folder, Enormous), new VipsOperation("pngsave_buffer").With("in", black).With("bitdepth", 1).With("compression", 1).RunToBytes());
    });

    private static void Make(string folder, int number)
    {
        var random = new Random(number);
        var (width, height) = number % 3 == 0 ? (1200, 900) : (320, 240 + number);
        var facts = number % 2 == 0 ? SampleFacts.Invent(random, $"Stock {number}", ["stock"]) : null;
        var path = string.Create(CultureInfo.InvariantCulture, $"stock-{number:00}.{s_extensions[number % s_extensions.Length]}");
        PictureWriter.Write(new SamplePicture(path, s_paints[number % s_paints.Length], number, width, height, facts), folder);
    }
}
