using ImageMagick;
using Vitrine.Images.Magick;

namespace Vitrine.Cli.Diagnosis;

/// <summary>What ImageMagick reads in decoder processes: what its policy leaves it, and what it was built for.</summary>
internal static class MagickFormats
{
    /// <summary>For pictures of a few pixels, in bytes.</summary>
    private const long Memory = 64 << 20;

    /// <summary>Those of its policy (<c>Images/Magick/policy.xml</c>).</summary>
    private static readonly (string Format, MagickFormat Coder)[] s_allowed =
    [
        ("JPEG", MagickFormat.Jpeg), ("PNG", MagickFormat.Png), ("WebP", MagickFormat.WebP), ("GIF", MagickFormat.Gif), ("TIFF", MagickFormat.Tiff), ("BMP", MagickFormat.Bmp),
        ("AVIF", MagickFormat.Avif), ("HEIC", MagickFormat.Heic), ("JXL", MagickFormat.Jxl),
    ];

    /// <exception cref="DllNotFoundException">It cannot be loaded, or does not heed its policy.</exception>
    public static ReadableFormats Find()
    {
        MagickLibrary.Initialize(Memory);
        string[] readable = [.. s_allowed.Where(format => IsReadable(format.Coder)).Select(format => format.Format)];
        // e.g. "ImageMagick 7.1.2-3 Q8 x86_64 23340 https://imagemagick.org"
        var version = MagickNET.ImageMagickVersion.Split(' ') is [_, var number, ..] ? number : MagickNET.ImageMagickVersion;
        return new ReadableFormats("ImageMagick", version, readable, [.. s_allowed.Select(format => format.Format).Except(readable)]);
    }

    /// <summary>One coder reads AVIF and HEIC, and only trying tells whether it has both codecs.</summary>
    private static bool IsReadable(MagickFormat format) =>
        MagickNET.SupportedFormats.Any(known => known.Format == format && known.SupportsReading) && (format != MagickFormat.Heic || IsHeicReadable());

    private static bool IsHeicReadable()
    {
        try
        {
            using var image = new MagickImage(TinyHeic.Bytes, MagickFormat.Heic);
            return image.Width == TinyHeic.Side;
        }
        catch (MagickException)
        {
            return false;
        }
    }
}
