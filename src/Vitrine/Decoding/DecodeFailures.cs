using Vitrine.Images;
using Vitrine.Images.Vips;

namespace Vitrine.Decoding;

/// <summary>Turns what goes wrong with a file into a reason a person can read: a short code, a colon, the details.</summary>
internal static class DecodeFailures
{
    public static readonly DecodeFailure EmptyFile = new("empty file", Transient: false);

    private const string Unsupported = "unsupported: ";

    /// <summary>What libvips and the libraries below it say when a file ends too early.</summary>
    private static readonly string[] s_endWords =
        ["premature end", "truncated", "unexpected end", "end of file", "eof", "not enough data", "short read", "read error", "out of data", "bad seek"];

    /// <summary>What libheif says of a codec that it was built without.</summary>
    private static readonly string[] s_unsupportedWords = ["unsupported codec", "unsupported feature", "not been built in"];

    /// <returns>Null for what is not the file's fault.</returns>
    public static DecodeFailure? FindOrNull(Exception error) => error switch
    {
        NotAnImageException => new($"not an image: {error.Message}", Transient: false),
        UnsupportedPictureException => new(Unsupported + error.Message, Transient: false),
        TooManyPixelsException => new($"too large: {error.Message}", Transient: false),
        VipsException => new(Describe(error.Message), Transient: false),
        FileNotFoundException or DirectoryNotFoundException => new($"vanished: {error.Message}", Transient: true),
        UnauthorizedAccessException => new($"no permission: {error.Message}", Transient: false),
        NotSupportedException => new($"unreadable: it is no regular file: {error.Message}", Transient: false),
        IOException => new($"unreadable: {error.Message}", Transient: true),
        _ => null,
    };

    /// <summary>True when another libvips may read the file.</summary>
    public static bool IsUnsupported(DecodeFailure? failure) => failure?.Reason.StartsWith(Unsupported, StringComparison.Ordinal) == true;

    private static string Describe(string message) =>
        Contains(message, s_unsupportedWords) ? Unsupported + message : Contains(message, s_endWords) ? $"truncated: {message}" : $"damaged: {message}";

    private static bool Contains(string message, string[] words) =>
        Array.Exists(words, word => message.Contains(word, StringComparison.OrdinalIgnoreCase));
}
