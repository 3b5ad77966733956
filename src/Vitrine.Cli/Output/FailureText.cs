using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Output;

/// <summary>Failed and skipped files for a person, a line each.</summary>
internal static class FailureText
{
    /// <param name="failures">Of one library.</param>
    /// <param name="skipped">What its last scan did not take in.</param>
    /// <param name="verbose">Whether what the decoder or the system said is added.</param>
    public static void Print(IReadOnlyList<FailureItem> failures, IReadOnlyList<SkippedPath> skipped, bool verbose = false)
    {
        Print("failed", [.. failures.Select(failure => ($"{failure.Path} (asset {failure.AssetId})", verbose && failure.Details is { } details ? $"{failure.Reason} Details: {details}" : failure.Reason))], verbose);
        Print("skipped", [.. skipped.Select(path => (path.Path, path.Reason))], verbose);
    }

    /// <summary>A line per class with its count and, if wanted, the details of one of them.</summary>
    public static void Print(FailureReasonList reasons, bool verbose)
    {
        Console.WriteLine(reasons.Total == 0 ? "No file failed." : $"{reasons.Total:N0} failed:");
        foreach (var reason in reasons.Items)
            Console.WriteLine($"  {reason.Count,8:N0}  {reason.Reason} ({FailureReason.CodeOf(reason.Class)}){(verbose && reason.Example is { } example ? $"\n            e.g. {TerminalText.OneLine(example)}" : "")}");
    }

    private static void Print(string what, (string Path, string Reason)[] lines, bool verbose)
    {
        if (lines.Length == 0)
            return;
        Console.WriteLine($"{lines.Length:N0} {what}:");
        foreach (var (path, reason) in lines)
            Console.WriteLine($"  {TerminalText.OneLine(path)}: {Shown(reason, verbose)}");
    }

    private static string Shown(string reason, bool verbose) => verbose ? TerminalText.OneLine(reason) : TerminalText.AtAGlance(reason);
}
