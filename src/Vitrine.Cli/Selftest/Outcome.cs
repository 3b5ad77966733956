namespace Vitrine.Cli.Selftest;

/// <summary>What must become of a file.</summary>
/// <param name="Reasons">How the reason may begin where it must fail; empty where it must become ready.</param>
internal sealed record Outcome(IReadOnlyList<string> Reasons)
{
    public static Outcome Ready { get; } = new([]);

    public bool IsReady => Reasons.Count == 0;

    public static Outcome Failed(params string[] reasons) => new(reasons);

    /// <param name="reason">Why it failed; null where it is ready.</param>
    public bool Allows(string? reason) =>
        reason is null ? IsReady : Reasons.Any(expected => reason.StartsWith(expected, StringComparison.Ordinal));
}
