using Vitrine.Images;
using Vitrine.Images.Damaged;
using Vitrine.Images.Vips;
using Vitrine.Storage;

namespace Vitrine.Decoding;

/// <summary>Turns what goes wrong with a file into a reason: the words of a class of failures, a colon, the details.</summary>
internal static class DecodeFailures
{
    public static readonly DecodeFailure EmptyFile = new("empty", Transient: false);

    public static readonly DecodeFailure Changed = new("gone: the file holds something else now than when it was indexed", Transient: true);

    private const string Damaged = "damaged", CutOff = "cut off", NotSupported = "not supported", TooLarge = "too large";

    /// <summary>What decoders and the libraries below them say when a file ends too early.</summary>
    private static readonly string[] s_endWords =
    [
        "premature end", "truncated", "unexpected end", "end of file", "end-of-file", "endoffile", "eof", "not enough data", "insufficient image data", "insufficientimagedata",
        "short read", "read error", "out of data",
    ];

    /// <summary>What they say of a codec that they were built without, and of what a format allows and they do not read.</summary>
    private static readonly string[] s_unsupportedWords =
    [
        "unsupported codec", "unsupported feature", "not been built in", "not configured", "not supported", "not implemented", "separate planes", "old-style jpeg",
        "not a whole number of bytes", "bad labq format", "unknown photometric", "missing required \"photometric", "nodecodedelegate", "notauthorized",
        "unsupported jpeg data precision", "unsupported jpeg process", "omitted at compile time",
    ];

    private static readonly string[] s_sizeWords =
        ["security limit exceeded", "exceeds the maximum", "exceeds limit", "too big", "out of memory", "dimensions too large", "resourcesexhausted", "widthorheightexceedslimit"];

    /// <summary>What loaders say that try one thing and then another, of files that go well as of those that do not.</summary>
    private static readonly string[] s_noise = ["bad seek to", "source: end of file", "unable to read from source"];

    /// <summary>Nobody reads more.</summary>
    private const int LongestMessage = 300;

    /// <returns>Null for what is not the file's fault.</returns>
    public static DecodeFailure? FindOrNull(Exception error) => error switch
    {
        NotAnImageException => new($"not a picture: {error.Message}", Transient: false),
        UnsupportedPictureException => new($"{NotSupported}: {error.Message}", Transient: false, IsDoubtful: true),
        TooManyPixelsException => new($"{TooLarge}: {error.Message}", Transient: false),
        UnexplainedDamageException { Fault: { } fault, IsSilent: var isSilent } => new($"{(fault.IsCut ? CutOff : Damaged)}: {Shortened(fault.Description)}", Transient: false, isSilent),
        UnexplainedDamageException => new(Damaged, Transient: false, IsDoubtful: true),
        VipsException => Describe(error.Message),
        FenceException { LeadsOut: true } => new("outside the library", Transient: false),
        FenceException => new($"not a picture: {error.Message}", Transient: false),
        OutOfMemoryException => new($"{TooLarge}: it takes more memory than a decoder may have (VITRINE_DECODING__ITEM_MEMORY_LIMIT)", Transient: false),
        FileNotFoundException or DirectoryNotFoundException => new($"gone: {error.Message}", Transient: true),
        UnauthorizedAccessException => new($"no permission: {error.Message}", Transient: false),
        IOException => new($"unreadable: {error.Message}", Transient: true),
        _ => null,
    };

    /// <summary>True when a library built with more may read the file.</summary>
    public static bool IsUnsupported(DecodeFailure? failure) => failure?.Reason.StartsWith(NotSupported, StringComparison.Ordinal) == true;

    /// <summary>True when another library may read the file.</summary>
    public static bool IsUnsupported(VipsException error) => Contains(WithoutNoise(error.Message), s_unsupportedWords);

    /// <summary>The first of the lines that says what is not supported; null when none does.</summary>
    public static string? UnsupportedOrNull(string[] lines) => Array.Find(lines, line => Contains(line, s_unsupportedWords));

    /// <summary>True when its words say that the end is missing.</summary>
    public static bool IsCutOff(VipsException error) => Describe(error.Message).Reason.StartsWith(CutOff, StringComparison.Ordinal);

    /// <summary>True when its words say neither that the end is missing, nor what is too large, nor what is not supported.</summary>
    public static bool IsDamaged(VipsException error) => Describe(error.Message).Reason.StartsWith(Damaged, StringComparison.Ordinal);

    /// <summary>The reason of a file that two decoders refuse: the first one's, unless only the second supports the format or says what is wrong.</summary>
    public static DecodeFailure Join(DecodeFailure first, DecodeFailure second) =>
        Says(second) && !IsUnsupported(second) && (IsUnsupported(first) || !Says(first)) ? second : first;

    private static bool Says(DecodeFailure failure) => failure.Reason.Contains(": ", StringComparison.Ordinal);

    private static DecodeFailure Describe(string message)
    {
        message = WithoutNoise(message);
        var kind = Contains(message, s_sizeWords) ? TooLarge : Contains(message, s_unsupportedWords) ? NotSupported : EndsEarly(message) ? CutOff : Damaged;
        // Versions of libheif differ in what they let pass.
        var isDoubtful = kind == NotSupported || (kind == Damaged && message.Contains("heif: ", StringComparison.Ordinal));
        return new($"{kind}: {Shortened(message)}", Transient: false, isDoubtful);
    }

    private static string Shortened(string message) => message.Length <= LongestMessage ? message : message[..(LongestMessage - 1)] + "…";

    /// <summary>"libpng read error" libvips says of whatever is wrong with a PNG.</summary>
    private static bool EndsEarly(string message) =>
        Array.Exists(message.Split("; "), line => !line.EndsWith("png read error", StringComparison.Ordinal) && Contains(line, s_endWords));

    /// <summary>The lines that say something; all of them where none does.</summary>
    private static string WithoutNoise(string message)
    {
        var told = string.Join("; ", message.Split("; ").Where(line => !Contains(line, s_noise)));
        return told.Length > 0 ? told : message;
    }

    private static bool Contains(string message, string[] words) =>
        Array.Exists(words, word => message.Contains(word, StringComparison.OrdinalIgnoreCase));
}
