using Vitrine.Progress;

namespace Vitrine.Work;

/// <summary>How the work on a claim ended.</summary>
/// <param name="Status">What the asset becomes.</param>
/// <param name="Failure">Where and why it failed; null when it did not.</param>
public sealed record Outcome(Claim Claim, AssetStatus Status, (Stage Stage, string Reason)? Failure = null);
