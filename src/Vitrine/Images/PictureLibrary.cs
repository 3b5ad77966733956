using Vitrine.Images.Vips;

namespace Vitrine.Images;

/// <summary>The libvips that decoders load first, for <c>vitrine doctor</c>.</summary>
/// <param name="Version">e.g. <c>8.18.7</c>.</param>
/// <param name="Path">Where it was found.</param>
/// <param name="Formats">What it reads, as in <see cref="PictureHeader.Format"/>. The bundled one opens HEIC but cannot decode it.</param>
public sealed record PictureLibrary(string Version, string Path, IReadOnlyList<string> Formats)
{
    private static readonly (string Format, string Loader)[] s_loaders =
    [
        ("jpeg", "jpegload"), ("png", "pngload"), ("webp", "webpload"), ("gif", "gifload"), ("tiff", "tiffload"), ("svg", "svgload"),
        ("avif", "heifload"), ("heic", "heifload"), ("jxl", "jxlload"), ("raw", "dcrawload"),
    ];

    /// <summary>Loads libvips into this process: for a command that ends soon, not for the server.</summary>
    /// <exception cref="DllNotFoundException">There is none; the message says what to do.</exception>
    public static PictureLibrary Load()
    {
        var isBundled = VipsLibrary.Path == VipsLibrary.FindBundledOrNull();
        var formats = s_loaders.Where(loader => VipsLibrary.Has(loader.Loader) && !(isBundled && loader.Format == "heic")).Select(loader => loader.Format);
        return new PictureLibrary(VipsLibrary.Version, VipsLibrary.Path, [.. formats, "bmp"]);
    }
}
