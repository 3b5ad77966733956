namespace Vitrine.Libraries;

/// <summary>Something a scan met and did not take in.</summary>
/// <param name="Path">Relative to the root; bytes that are no UTF-8 are shown as U+FFFD.</param>
/// <param name="Reason">For a person, with what to do about it.</param>
public sealed record SkippedPath(string Path, string Reason);
