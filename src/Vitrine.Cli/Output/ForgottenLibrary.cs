namespace Vitrine.Cli.Output;

/// <summary>What <c>vitrine forget</c> took away.</summary>
/// <param name="Files">How many files were known of it; they stay where they are.</param>
internal sealed record ForgottenLibrary(string LibraryId, string Name, string Path, long Files);
