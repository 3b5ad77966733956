using System.Globalization;
using System.Security;
using System.Text;
using Vitrine.Images;
using Vitrine.Images.Vips;

namespace Vitrine.Cli.Samples;

/// <summary>Makes files of drawings, with libvips.</summary>
internal static class PictureWriter
{
    /// <summary>Writes one picture, and its sidecar where it has facts.</summary>
    /// <exception cref="VipsException">This libvips cannot write the format.</exception>
    public static void Write(SamplePicture picture, string folder)
    {
        var path = Path.Join(folder, picture.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var canvas = new SvgCanvas(picture.Width, picture.Height);
        picture.Paint(canvas, new Random(picture.Seed));
        var drawing = Encoding.UTF8.GetBytes(canvas.ToString());
        File.WriteAllBytes(path, path.EndsWith(".svg", StringComparison.Ordinal) ? drawing : Encode(drawing, Path.GetExtension(path), picture.Facts));
        if (picture.Facts is { } facts)
            File.WriteAllText(Path.ChangeExtension(path, ".xmp"), Sidecar(facts));
    }

    private static byte[] Encode(byte[] drawing, string extension, SampleFacts? facts)
    {
        using var buffer = new FileBuffer();
        buffer.Resize(drawing.Length);
        drawing.CopyTo(buffer.GetSpan());
        using var drawn = new VipsOperation("svgload_buffer").With("buffer", buffer).Run("out");
        using var opaque = new VipsOperation("flatten").With("in", drawn).Run("out");
        using var image = new VipsOperation("copy").With("in", opaque).Run("out");
        if (facts is not null)
            Attach(image, facts);
        var saver = extension switch
        {
            ".jpg" => new VipsOperation("jpegsave_buffer").With("Q", 88),
            ".png" => new VipsOperation("pngsave_buffer"),
            ".webp" => new VipsOperation("webpsave_buffer").With("Q", 85).With("effort", 2),
            ".gif" => new VipsOperation("gifsave_buffer").With("effort", 1),
            ".tif" => new VipsOperation("tiffsave_buffer").With("compression", 2 /* deflate */),
            ".avif" => new VipsOperation("heifsave_buffer").With("compression", 4 /* av1 */).With("effort", 0),
            _ => throw new ArgumentOutOfRangeException(nameof(extension), extension, "No writer for it."),
        };
        return saver.With("in", image).RunToBytes();
    }

    /// <summary>EXIF, by libvips' names of its fields.</summary>
    private static void Attach(VipsImage image, SampleFacts facts)
    {
        image.SetText("exif-ifd0-Make", facts.Make);
        image.SetText("exif-ifd0-Model", facts.Model);
        image.SetText("exif-ifd2-LensModel", facts.Lens);
        image.SetText("exif-ifd2-DateTimeOriginal", facts.TakenAt.ToString("yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture));
        image.SetText("exif-ifd2-ExposureTime", facts.Exposure);
        image.SetText("exif-ifd2-FNumber", facts.FNumber);
        image.SetText("exif-ifd2-ISOSpeedRatings", facts.Iso.ToString(CultureInfo.InvariantCulture));
        image.SetText("exif-ifd2-FocalLength", $"{facts.FocalLength}/1");
        image.SetText("exif-ifd3-GPSLatitudeRef", facts.Latitude < 0 ? "S" : "N");
        image.SetText("exif-ifd3-GPSLatitude", Degrees(facts.Latitude));
        image.SetText("exif-ifd3-GPSLongitudeRef", facts.Longitude < 0 ? "W" : "E");
        image.SetText("exif-ifd3-GPSLongitude", Degrees(facts.Longitude));
    }

    /// <summary>Degrees, minutes and seconds as EXIF's three fractions.</summary>
    private static string Degrees(double value)
    {
        var seconds = (int)Math.Round(Math.Abs(value) * 360_000);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 360_000}/1 {seconds / 6000 % 60}/1 {seconds % 6000}/100");
    }

    private static string Sidecar(SampleFacts facts) =>
        $"""
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="{facts.Rating}">
        <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{SecurityElement.Escape(facts.Title)}</rdf:li></rdf:Alt></dc:title>
        <dc:subject><rdf:Bag>{string.Concat(facts.Keywords.Select(keyword => $"<rdf:li>{SecurityElement.Escape(keyword)}</rdf:li>"))}</rdf:Bag></dc:subject>
        </rdf:Description></rdf:RDF></x:xmpmeta>
        """;
}
