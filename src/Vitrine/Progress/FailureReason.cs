using System.Text.Json;
using System.Text.RegularExpressions;

namespace Vitrine.Progress;

/// <summary>Why an asset failed: a class for a person, and what the decoder or the system said of it.</summary>
/// <param name="Class">Failures of one class are one group.</param>
/// <param name="Details">At most <see cref="LongestDetails"/> characters on one line, the same at each attempt; null where nothing is known but the class.</param>
public sealed partial record FailureReason(FailureClass Class, string? Details)
{
    public const int LongestDetails = 300;

    private static readonly Dictionary<string, FailureClass> s_classes = Enum.GetValues<FailureClass>().ToDictionary(Words);

    /// <summary>The class as it is stored and sent: <c>cut_off</c>.</summary>
    public string Code => CodeOf(Class);

    /// <summary>What a person is told.</summary>
    public string Sentence => SentenceOf(Class);

    public static string CodeOf(FailureClass failure) => JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.ToString());

    public static string SentenceOf(FailureClass failure) => failure switch
    {
        FailureClass.Damaged => "The file is damaged.",
        FailureClass.CutOff => "The file is cut off: its end is missing.",
        FailureClass.Empty => "The file is empty.",
        FailureClass.NotSupported => "This kind of picture is not supported.",
        FailureClass.NoPermission => "There is no permission to read the file.",
        FailureClass.TooLarge => "The picture is too large.",
        FailureClass.TookTooLong => "Reading the picture took too long.",
        FailureClass.DecoderCrashed => "The decoder crashed at this file.",
        FailureClass.NotAPicture => "The file is not a picture.",
        FailureClass.Gone => "The file is gone since the folder was scanned. Scan again.",
        FailureClass.Unreadable => "The file could not be read from its disk.",
        FailureClass.OutsideTheLibrary => "The file is a link that leads out of the library's folder.",
        FailureClass.GivenUp => "Work on the file was begun many times and never ended.",
        FailureClass.NoThumbnail => "The picture's thumbnail could not be kept or read.",
        _ => "Something unexpected went wrong.",
    };

    /// <summary>Reads <c>cut off: the decoder's words</c>; a text that begins with no class is the details of something unexpected.</summary>
    public static FailureReason Parse(string text)
    {
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        return s_classes.TryGetValue(colon < 0 ? text : text[..colon], out var known)
            ? new FailureReason(known, colon < 0 ? null : Stable(text[(colon + 2)..]))
            : new FailureReason(FailureClass.Unexpected, Stable(text));
    }

    /// <summary>A class by its code, words or sentence, in any case; null for what is none.</summary>
    public static FailureClass? ClassOrNull(string text)
    {
        if (s_classes.TryGetValue(text.Trim().ToLowerInvariant().Replace('_', ' '), out var known))
            return known;
        foreach (var one in s_classes.Values)
        {
            if (SentenceOf(one).Equals(text.Trim(), StringComparison.OrdinalIgnoreCase))
                return one;
        }

        return null;
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Details is null ? Words(Class) : $"{Words(Class)}: {Details}";

    private static string Words(FailureClass failure) => CodeOf(failure).Replace('_', ' ');

    /// <summary>Without what differs from attempt to attempt, and not longer than anybody reads.</summary>
    private static string? Stable(string details)
    {
        var stable = Blank().Replace(Passing().Replace(details, "…"), " ").Trim();
        return stable.Length == 0 ? null : stable.Length <= LongestDetails ? stable : stable[..(LongestDetails - 1)] + "…";
    }

    /// <summary>Addresses, numbers of processes, random parts of the names of temporary files.</summary>
    [GeneratedRegex(@"\b0x[0-9A-Fa-f]{6,}\b|(?<=\b(?:process|pid|thread)[ :])\d+\b|\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b|\b[0-9A-Fa-f]{32,}\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Passing();

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Blank();
}
