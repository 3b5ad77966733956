using System.Text.Json;
using Vitrine.Cli.Output;
using Vitrine.Images.Magick;
using Vitrine.Images.Vips;

namespace Vitrine.Cli.Diagnosis;

/// <summary>What one library of decoder processes reads: a libvips, or ImageMagick. Found out in a child process: nothing else may load it.</summary>
/// <param name="Library">The file, or the system's name for it.</param>
internal sealed record ReadableFormats(string Library, string Version, IReadOnlyList<string> Readable, IReadOnlyList<string> NotReadable)
{
    private static readonly (string Format, string Loader)[] s_loaders =
    [
        ("JPEG", "jpegload_buffer"), ("PNG", "pngload_buffer"), ("WebP", "webpload_buffer"), ("GIF", "gifload_buffer"), ("TIFF", "tiffload_buffer"),
        ("AVIF", "heifload_buffer"), ("SVG", "svgload_buffer"), ("JXL", "jxlload_buffer"), ("RAW", "dcrawload_buffer"),
    ];

    /// <summary>The hidden command <c>vitrine decoder formats</c>.</summary>
    /// <returns>The exit code.</returns>
    public static int Print()
    {
        try
        {
            Console.WriteLine(JsonSerializer.Serialize(MagickLibrary.IsChosen ? MagickFormats.Find() : OfLibvips(), CliJson.Default.ReadableFormats));
            return ExitCode.Done;
        }
        catch (DllNotFoundException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return ExitCode.CouldNotRun;
        }
    }

    private static ReadableFormats OfLibvips()
    {
        var readable = s_loaders.Where(format => VipsLibrary.Has(format.Loader)).Select(format => format.Format).ToList();
        if (readable.Contains("AVIF"))
            (TinyHeic.IsReadable() ? readable : []).Add("HEIC");
        readable.Add("BMP"); // read without libvips
        string[] all = [.. s_loaders.Select(format => format.Format), "HEIC", "BMP"];
        return new ReadableFormats(VipsLibrary.Path, VipsLibrary.Version, readable, [.. all.Except(readable)]);
    }
}
