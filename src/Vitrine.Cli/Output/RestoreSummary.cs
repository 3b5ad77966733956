namespace Vitrine.Cli.Output;

/// <summary>What <c>vitrine restore</c> did.</summary>
/// <param name="KeptAside">The database that was there; null where there was none.</param>
internal sealed record RestoreSummary(string DataFolder, string File, string? KeptAside);
