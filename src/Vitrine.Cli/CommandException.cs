namespace Vitrine.Cli;

/// <summary>Ends the command with a message for a person: what is wrong and what to do.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public static CommandException Usage(string message) => new(Cli.ExitCode.Usage, message);

    public static CommandException CouldNotRun(string message) => new(Cli.ExitCode.CouldNotRun, message);
}
