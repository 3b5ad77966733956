using Vitrine.Libraries;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Output;

/// <summary>Failed and skipped files for a person.</summary>
internal static class FailureText
{
    public static void Print(IReadOnlyList<FailureItem> failures, IReadOnlyList<SkippedPath> skipped)
    {
        Print("failed", [.. failures.Select(failure => ($"{failure.Path} (asset {failure.AssetId})", $"{failure.Stage.ToString().ToLowerInvariant()}: {failure.Reason}"))]);
        Print("skipped", [.. skipped.Select(path => (path.Path, path.Reason))]);
    }

    /// <summary>A line per reason with its count, and one of them in full.</summary>
    public static void Print(FailureReasonList reasons)
    {
        Console.WriteLine(reasons.Total == 0 ? "No file failed." : $"{reasons.Total:N0} failed:");
        foreach (var reason in reasons.Items)
            Console.WriteLine($"  {reason.Count,8:N0}  {OneLine(reason.Reason)}{(reason.Reason == reason.Example ? "" : $"\n            e.g. {OneLine(reason.Example)}")}");
    }

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
