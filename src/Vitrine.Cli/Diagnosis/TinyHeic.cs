using Vitrine.Images;
using Vitrine.Images.Vips;

namespace Vitrine.Cli.Diagnosis;

/// <summary>A black HEIC of 16 × 16 pixels. One loader reads AVIF and HEIC, and only trying tells whether it has both codecs.</summary>
internal static class TinyHeic
{
    private const string Content =
        "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAa1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAA" +
        "AAAAACAAAAEGlkYXQAAAAAABAAEAAAADhpbG9jAQAAAERAAAIAAQAAAAAAAAHRAAEAAAAAAAAAIwACAAEAAAAAAAAAAQAAAAAAAAAIAAAAOGlp" +
        "bmYAAAAAAAIAAAAVaW5mZQIAAAEAAQAAaHZjMQAAAAAVaW5mZQIAAAAAAgAAZ3JpZAAAAADYaXBycAAAALZpcGNvAAAAdmh2Y0MBA3AAAAAAAA" +
        "AAAAAe8AD8/fj4AAAPAyAAAQAYQAEMAf//A3AAAAMAkAAAAwAAAwAeugJAIQABACpCAQEDcAAAAwCQAAADAAADAB6gIIEFluqumubgQEDAgAAA" +
        "AwCAAAADAIQiAAEABkQBwXPBiQAAABRpc3BlAAAAAAAAAEAAAABAAAAAFGlzcGUAAAAAAAAAEAAAABAAAAAQcGl4aQAAAAADCAgIAAAAGmlwbW" +
        "EAAAAAAAAAAgABAoECAAICA4QAAAAaaXJlZgAAAAAAAAAOZGltZwACAAEAAQAAACttZGF0AAAAHygBrxkhKQ7uI/Nf/6MInBZCgKen5Mngmf4y" +
        "l46HIJg=";

    /// <summary>Pixels.</summary>
    public const int Side = 16;

    public static byte[] Bytes => Convert.FromBase64String(Content);

    /// <summary>Whether the libvips of this process decodes it.</summary>
    public static bool IsReadable()
    {
        using var buffer = new FileBuffer();
        var content = Bytes;
        buffer.Resize(content.Length);
        content.CopyTo(buffer.GetSpan());
        try
        {
            using var image = new VipsOperation("heifload_buffer").With("buffer", buffer).Run("out");
            using var pixels = image.ReadPixels();
            return pixels.Width == Side;
        }
        catch (VipsException)
        {
            return false;
        }
    }
}
