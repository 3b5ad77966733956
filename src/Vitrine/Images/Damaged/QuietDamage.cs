using Vitrine.Images.Vips;

namespace Vitrine.Images.Damaged;

/// <summary>Damage at which libvips decodes a picture all the same: of some it says nothing, of some it only writes into its error buffer.</summary>
internal static class QuietDamage
{
    /// <summary>What libjpeg says first when pixels are wrong. Extraneous bytes it finds in many a picture that looks as it should.</summary>
    private static readonly string[] s_wrongPixels = ["premature end of data segment", "bad Huffman code", "bad arithmetic code"];

    /// <param name="source">A picture that was decoded.</param>
    /// <param name="told">Lines of libvips' error buffer that came while its pixels were decoded.</param>
    /// <returns>Null when nothing is wrong.</returns>
    /// <exception cref="VipsException">Pixels are missing, and black in their place.</exception>
    public static string? WarningOrNull(PictureSource source, string[] told)
    {
        if (source.Format == "tiff" && TiffRepair.FaultOrNull(told) is { } fault)
            throw new VipsException(fault);
        if (source.Format == "jpeg" && Array.Exists(told, line => Array.Exists(s_wrongPixels, words => line.Contains(words, StringComparison.OrdinalIgnoreCase))))
            return RepairedPicture.SomeRows;
        return source.Content is { } content ? LostEndOrNull(source.Format, content.GetSpan()) : null;
    }

    private static string? LostEndOrNull(string format, ReadOnlySpan<byte> file) => format switch
    {
        "jpeg" => JpegRepair.HasNoEnd(file) ? RepairedPicture.OnlyItsEnd : null,
        "png" => PngStructure.HasNoEnd(file) ? RepairedPicture.OnlyItsEnd : null,
        "gif" => GifStructure.LostEndOrNull(file),
        _ => null,
    };
}
