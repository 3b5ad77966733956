namespace Vitrine.Cli.Output;

/// <summary>The document of a command that did not do its work.</summary>
/// <param name="Error">What is wrong and what to do, for a person.</param>
/// <param name="ExitCode">As <see cref="Cli.ExitCode"/> has it.</param>
internal sealed record FailedCommand(string Error, int ExitCode);
