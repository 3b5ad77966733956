namespace Vitrine.Work;

/// <summary>Failures with one reason.</summary>
/// <param name="Reason">What the reasons have in common; the rest is <c>…</c>.</param>
/// <param name="Example">The reason of one of them, in full.</param>
public sealed record FailureGroup(string Reason, long Count, string Example);
