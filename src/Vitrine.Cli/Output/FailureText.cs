using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Output;

/// <summary>Failed and skipped files for a person.</summary>
internal static class FailureText
{
    public static void Print(IReadOnlyList<FailureItem> failures, IReadOnlyList<SkippedPath> skipped, bool verbose = false)
    {
        Print("failed", [.. failures.Select(failure => ($"{failure.Path} (asset {failure.AssetId})", WithDetails(failure.Reason, verbose ? failure.Details : null)))]);
        Print("skipped", [.. skipped.Select(path => (path.Path, path.Reason))]);
    }

    /// <summary>A line per class with its count and, if wanted, the details of one of them.</summary>
    public static void Print(FailureReasonList reasons, bool verbose)
    {
        Console.WriteLine(reasons.Total == 0 ? "No file failed." : $"{reasons.Total:N0} failed:");
        foreach (var reason in reasons.Items)
            Console.WriteLine($"  {reason.Count,8:N0}  {reason.Reason} ({FailureReason.CodeOf(reason.Class)}){(verbose && reason.Example is { } example ? $"\n            e.g. {OneLine(example)}" : "")}");
    }

    private static string WithDetails(string reason, string? details) => details is null ? reason : $"{reason} Details: {details}";

    private static void Print(string what, (string Path, string Reason)[] lines)
    {
        if (lines.Length == 0)
            return;
        Console.WriteLine($"{lines.Length:N0} {what}:");
        foreach (var (path, reason) in lines)
            Console.WriteLine($"  {OneLine(path)}: {OneLine(reason)}");
    }

    /// <summary>A name may hold line breaks: each has its one line.</summary>
    private static string OneLine(string text) => TerminalWriter.Clean(text).Replace('\n', '\uFFFD').Replace('\t', '\uFFFD');
}
