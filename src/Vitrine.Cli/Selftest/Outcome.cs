using Vitrine.Progress;

namespace Vitrine.Cli.Selftest;

/// <summary>What must become of a file.</summary>
/// <param name="Reasons">Why it may fail where it must; empty where it must become ready.</param>
internal sealed record Outcome(IReadOnlyList<FailureClass> Reasons)
{
    public static Outcome Ready { get; } = new([]);

    public bool IsReady => Reasons.Count == 0;

    public static Outcome Failed(params FailureClass[] reasons) => new(reasons);

    /// <param name="reason">Why it failed; null where it is ready.</param>
    public bool Allows(FailureClass? reason) => reason is { } failed ? Reasons.Contains(failed) : IsReady;
}
