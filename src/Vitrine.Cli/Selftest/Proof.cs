namespace Vitrine.Cli.Selftest;

/// <summary>One thing that was to be proven.</summary>
/// <param name="Claim">As a sentence.</param>
/// <param name="Looked">How many things were looked at.</param>
/// <param name="Violations">Empty where it holds.</param>
internal sealed record Proof(string Claim, long Looked, IReadOnlyList<Violation> Violations)
{
    public bool Holds => Violations.Count == 0;
}
