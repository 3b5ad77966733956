using Vitrine.Server.Logging;

namespace Vitrine.Cli.Output;

/// <summary>Text that others wrote, such as names of files and libraries, on one line of a terminal.</summary>
internal static class TerminalText
{
    private const int LongestReason = 100;

    /// <summary>A name may hold line breaks and control codes; a terminal must not obey them.</summary>
    public static string OneLine(string text) => ObeyedLetters.Mark(text).Replace('\n', '\uFFFD').Replace('\t', '\uFFFD');

    /// <summary>As much as is read at a glance; the rest is "…".</summary>
    public static string AtAGlance(string text)
    {
        text = OneLine(text.Split('\n')[0].Trim());
        return text.Length <= LongestReason ? text : $"{text[..(LongestReason - 1)].TrimEnd()}…";
    }
}
