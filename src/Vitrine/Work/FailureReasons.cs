using System.Text.RegularExpressions;

namespace Vitrine.Work;

/// <summary>What reasons of failures have in common, so that a thousand files that failed alike are one line.</summary>
internal static partial class FailureReasons
{
    private const int LongestGroup = 160;

    /// <summary>The reason without quoted parts, paths, file names, numbers and addresses, which differ from file to file.</summary>
    public static string GroupOf(string reason)
    {
        var general = Blank().Replace(Particular().Replace(reason, "…"), " ").Trim();
        general = Repeated().Replace(general, "…");
        return general.Length <= LongestGroup ? general : general[..LongestGroup];
    }

    /// <summary>In this order: what is quoted, bytes, what has a slash, a name with a suffix, a hash or address, a number.</summary>
    [GeneratedRegex("""'[^']*'|"[^"]*"|“[^”]*”|\b[0-9A-Fa-f]{2}(?:[ -][0-9A-Fa-f]{2})+\b|[^\s:;,()]*[/\\][^\s:;,()]*|\b[\w-]+\.[A-Za-z][A-Za-z0-9]{1,5}\b|\b0x[0-9a-fA-F]+\b|\b[0-9A-Fa-f]{16,}\b|\d[\d.,]*(?:\s*×\s*\d[\d.,]*)*""", RegexOptions.CultureInvariant)]
    private static partial Regex Particular();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex("…(?: ?…)+")]
    private static partial Regex Repeated();
}
