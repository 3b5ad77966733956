using System.CommandLine;
using Vitrine.Cli.Commands;
using Vitrine.Cli.Output;
using Vitrine.Storage;

namespace Vitrine.Cli;

/// <summary>From arguments to an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Made only when they are asked for: a start should not pay for commands that it does not run.</summary>
    private static readonly (string Name, Func<Command> Create)[] s_commands =
    [
        ("serve", ServeCommand.Create),
        ("worker", WorkerCommand.Create),
        ("import", ImportCommand.Create),
        ("status", StatusCommand.Create),
        ("failures", FailuresCommand.Create),
        ("retry", RetryCommand.Create),
        ("jobs", JobsCommand.Create),
        ("pause", LibraryWorkCommand.CreatePause),
        ("resume", LibraryWorkCommand.CreateResume),
        ("cancel", LibraryWorkCommand.CreateCancel),
        ("doctor", DoctorCommand.Create),
        ("backup", BackupCommand.Create),
        ("restore", RestoreCommand.Create),
        ("migrate", MigrateCommand.Create),
        ("selftest", SelftestCommand.Create),
        ("demo", DemoCommand.Create),
        ("openapi", OpenApiCommand.Create),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        TerminalWriter.Install();
        var parsed = CreateRoot(ref args).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync($"vitrine: {TerminalWriter.Clean(error.Message)}");
            var command = parsed.CommandResult.Command is RootCommand ? "" : $" {parsed.CommandResult.Command.Name}";
            await Console.Error.WriteLineAsync($"'vitrine{command} --help' says what can be given.");
            return ExitCode.Usage;
        }

        using var interruption = new Interruption();
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (CommandException exception)
        {
            return await FailAsync(exception.ExitCode, exception.Message);
        }
        catch (Exception exception) when (RefusalOrNull(exception) is { } refusal)
        {
            return await FailAsync(ExitCode.CouldNotRun, refusal);
        }
    }

    /// <summary>What a person is told of a data folder, a database or a disk that refuses; null for a mistake in the program.</summary>
    internal static string? RefusalOrNull(Exception exception) =>
        exception is DataFolderException or DatabaseUnavailableException || DiskTrouble.Is(exception) ? DiskTrouble.Describe(exception) : null;

    /// <summary>With the one command that is named, or with all where none is: then the arguments are those of <c>serve</c>, or ask for help.</summary>
    private static RootCommand CreateRoot(ref string[] args)
    {
        var root = new RootCommand("A library for large folders of pictures and 3D models.") { HelpName = "vitrine" };
        var first = args.FirstOrDefault();
        if (Array.Find(s_commands, command => command.Name == first) is { Create: { } named })
        {
            root.Add(named());
        }
        else if (first is "--help" or "-h" or "-?" or "/?" or "/h" or "--version")
        {
            foreach (var (_, create) in s_commands)
                root.Add(create());
        }
        else
        {
            root.Add(ServeCommand.Create());
            args = ["serve", .. args];
        }

        return root;
    }

    private static async Task<int> FailAsync(int exitCode, string message)
    {
        await Console.Error.WriteLineAsync($"vitrine: {TerminalWriter.Clean(message)}");
        return exitCode;
    }
}
