using Vitrine.Images;
using Vitrine.Images.Vips;
using Vitrine.Storage;

namespace Vitrine.Decoding;

/// <summary>Turns what goes wrong with a file into a reason a person can read: a short code, a colon, the details.</summary>
internal static class DecodeFailures
{
    public static readonly DecodeFailure EmptyFile = new("empty file", Transient: false);

    public static readonly DecodeFailure Changed = new("changed: the file holds something else than when it was indexed. Scan again.", Transient: true);

    private const string Unsupported = "unsupported: ";

    /// <summary>What libvips and the libraries below it say when a file ends too early.</summary>
    private static readonly string[] s_endWords =
        ["premature end", "truncated", "unexpected end", "end of file", "eof", "not enough data", "short read", "read error", "out of data"];

    /// <summary>What they say of a codec that they were built without, and of what a format allows and they do not read.</summary>
    private static readonly string[] s_unsupportedWords =
    [
        "unsupported codec", "unsupported feature", "not been built in", "not configured", "not supported", "not implemented", "separate planes", "old-style jpeg",
        "not a whole number of bytes", "bad labq format", "unknown photometric", "missing required \"photometric",
    ];

    private static readonly string[] s_sizeWords = ["security limit exceeded", "exceeds the maximum", "too big", "dimensions too large", "out of memory"];

    /// <summary>What loaders say that try one thing and then another, of files that go well as of those that do not.</summary>
    private static readonly string[] s_noise = ["bad seek to", "source: end of file", "unable to read from source"];

    /// <summary>Nobody reads more.</summary>
    private const int LongestMessage = 300;

    /// <returns>Null for what is not the file's fault.</returns>
    public static DecodeFailure? FindOrNull(Exception error) => error switch
    {
        NotAnImageException => new($"not an image: {error.Message}", Transient: false),
        UnsupportedPictureException => new(Unsupported + error.Message, Transient: false),
        TooManyPixelsException => new($"too large: {error.Message}", Transient: false),
        VipsException => new(Describe(error.Message), Transient: false),
        FenceException => new($"unreadable: {error.Message}", Transient: false),
        OutOfMemoryException => new("too large: it takes more memory than a decoder may have (VITRINE_DECODING__ITEM_MEMORY_LIMIT)", Transient: false),
        FileNotFoundException or DirectoryNotFoundException => new($"vanished: {error.Message}", Transient: true),
        UnauthorizedAccessException => new($"no permission: {error.Message}", Transient: false),
        NotSupportedException => new($"unreadable: it is no regular file: {error.Message}", Transient: false),
        IOException => new($"unreadable: {error.Message}", Transient: true),
        _ => null,
    };

    /// <summary>True when another libvips may read the file.</summary>
    public static bool IsUnsupported(DecodeFailure? failure) => failure?.Reason.StartsWith(Unsupported, StringComparison.Ordinal) == true;

    /// <summary>True when another library may read the file.</summary>
    public static bool IsUnsupported(VipsException error) => Contains(WithoutNoise(error.Message), s_unsupportedWords);

    private static string Describe(string message)
    {
        message = WithoutNoise(message);
        var kind = Contains(message, s_sizeWords) ? "too large" : Contains(message, s_unsupportedWords) ? "unsupported"
            : Contains(message, s_endWords) ? "truncated" : "damaged";
        return $"{kind}: {(message.Length <= LongestMessage ? message : message[..(LongestMessage - 1)] + "…")}";
    }

    /// <summary>The lines that say something; all of them where none does.</summary>
    private static string WithoutNoise(string message)
    {
        var told = string.Join("; ", message.Split("; ").Where(line => !Contains(line, s_noise)));
        return told.Length > 0 ? told : message;
    }

    private static bool Contains(string message, string[] words) =>
        Array.Exists(words, word => message.Contains(word, StringComparison.OrdinalIgnoreCase));
}
