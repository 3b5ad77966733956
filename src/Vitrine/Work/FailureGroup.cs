using Vitrine.Progress;

namespace Vitrine.Work;

/// <summary>Failures of one class.</summary>
/// <param name="Example">The reason of one of them.</param>
public sealed record FailureGroup(FailureClass Class, long Count, FailureReason Example);
