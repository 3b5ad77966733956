namespace Vitrine.Cli.Selftest;

/// <summary>Something that must not be.</summary>
/// <param name="File">Which file it is about; null where it is about none.</param>
internal sealed record Violation(string? File, string Detail);
