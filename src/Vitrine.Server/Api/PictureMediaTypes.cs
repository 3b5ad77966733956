namespace Vitrine.Server.Api;

/// <summary>Media types of the formats that browsers may show as they are; SVG, which can carry script, is none of them.</summary>
internal static class PictureMediaTypes
{
    private static readonly string[] s_formats = ["jpeg", "png", "webp", "gif", "tiff", "bmp", "avif", "heic", "jxl"];

    /// <summary>Every one of them.</summary>
    public static IEnumerable<string> All => s_formats.Select(OrNull).OfType<string>();

    public static string? OrNull(string? format) => format switch
    {
        "jpeg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "tiff" => "image/tiff",
        "bmp" => "image/bmp",
        "avif" => "image/avif",
        "heic" => "image/heic",
        "jxl" => "image/jxl",
        _ => null,
    };
}
