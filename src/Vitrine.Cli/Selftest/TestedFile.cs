namespace Vitrine.Cli.Selftest;

/// <summary>A file as the self-test wrote it.</summary>
/// <param name="Sha256">Of its content, in hexadecimal.</param>
internal sealed record TestedFile(string Sha256, Outcome Outcome);
