using System.CommandLine;

namespace Vitrine.Cli.Commands;

/// <summary>A command by its name; it is made only when it is asked for, since a start should not pay for commands that it does not run.</summary>
/// <param name="Synopsis">What follows the name, as the help shows it.</param>
internal sealed record CommandEntry(CommandGroup Group, string Name, string Synopsis, Func<Command> Create);
