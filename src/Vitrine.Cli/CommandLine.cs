using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;
using Vitrine.Cli.Commands;
using Vitrine.Cli.Output;
using Vitrine.Cli.Settings;
using Vitrine.Storage;

namespace Vitrine.Cli;

/// <summary>From arguments to an exit code.</summary>
internal static class CommandLine
{
    private const string LevelVariable = OptionVariable.Prefix + "LOG_LEVEL";

    /// <summary>e.g. <c>0.1.0</c>.</summary>
    public static string Version { get; } = typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static async Task<int> RunAsync(string[] args)
    {
        TerminalWriter.Install();
        var json = args.TakeWhile(word => word != "--").Contains("--json");
        return await ToldAsync(() => RunAsync(args, json), json, isStackWanted: Environment.GetEnvironmentVariable(LevelVariable)?.ToUpperInvariant() is "DEBUG" or "TRACE");
    }

    /// <summary>Whatever goes wrong is a line for a person and an exit code; of a mistake in the program the stack is shown too, to those who asked for it.</summary>
    internal static async Task<int> ToldAsync(Func<Task<int>> run, bool json, bool isStackWanted)
    {
        try
        {
            return await run();
        }
        catch (CommandException exception)
        {
            return await FailAsync(exception.ExitCode, exception.Message, json);
        }
        catch (Exception exception) // nobody is left to catch it: the runtime would print a stack and abort
        {
            var code = await FailAsync(
                ExitCode.CouldNotRun, $"A mistake in the program: {TerminalText.OneLine(exception.Message)} ({exception.GetType().Name}). With {LevelVariable}=debug it says where.", json);
            if (isStackWanted)
                await Console.Error.WriteLineAsync(exception.ToString());
            return code;
        }
    }

    /// <param name="args">A command and what follows it.</param>
    /// <returns>The command line, and what is wrong with it: a sentence each, for a person.</returns>
    internal static (ParseResult Parsed, IReadOnlyList<string> Complaints) Parse(string[] args)
    {
        var entry = CommandCatalogue.FindOrNull(args[0]) ?? throw new ArgumentException($"'{args[0]}' is no command.", nameof(args));
        var parsed = CommandCatalogue.CreateRoot([entry]).Parse(args, CommandCatalogue.Parsing);
        var unknown = UnknownOptions.Complaints(parsed, args);
        return (parsed, unknown.Count > 0 ? unknown : [.. parsed.Errors.Select(Describe).Distinct()]);
    }

    /// <summary>What a person is told of a data folder, a database or a disk that refuses; null for a mistake in the program.</summary>
    internal static string? RefusalOrNull(Exception exception) =>
        exception is DataFolderException or DatabaseUnavailableException || DiskTrouble.Is(exception) ? DiskTrouble.Describe(exception) : null;

    private static async Task<int> RunAsync(string[] args, bool json)
    {
        if (args is ["complete", var line])
            return Complete(line);
        if (FirstWord.IsHelp(args))
        {
            CommandOverview.Print(Console.Out);
            return ExitCode.Done;
        }

        if (FirstWord.IsVersion(args))
        {
            Console.WriteLine(Version);
            return ExitCode.Done;
        }

        var (parsed, complaints) = Parse(FirstWord.Resolve(args));
        return complaints.Count > 0 ? await RefuseAsync(parsed, complaints, json) : await InvokeAsync(parsed, json);
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, bool json)
    {
        using var interruption = new Interruption();
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return json ? await FailAsync(ExitCode.Interrupted, "Stopped.", json) : ExitCode.Interrupted;
        }
        catch (Exception exception) when (RefusalOrNull(exception) is { } refusal)
        {
            return await FailAsync(ExitCode.CouldNotRun, refusal, json);
        }
    }

    /// <summary>What a shell may complete the line with: a word to a line, with what it is behind a tab.</summary>
    private static int Complete(string line)
    {
        var root = CommandCatalogue.CreateRoot(CommandCatalogue.All.Where(entry => entry.Group != CommandGroup.Hidden));
        line = line.TrimStart();
        foreach (var item in root.Parse(line, CommandCatalogue.Parsing).GetCompletions(line.Length).Where(item => item.Label is not (['/', ..] or "-?" or "-h")))
            Console.WriteLine(TerminalText.OneLine(item.Label) + (item.Detail is { } detail ? $"\t{TerminalText.OneLine(detail)}" : ""));
        return ExitCode.Done;
    }

    /// <summary>In words of this program, where the parser's are none for a person.</summary>
    private static string Describe(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Option: var option, Tokens.Count: 0 } => $"{option.Name} needs a value.",
        _ => error.Message,
    };

    private static async Task<int> RefuseAsync(ParseResult parsed, IReadOnlyList<string> complaints, bool json)
    {
        var code = await FailAsync(ExitCode.Usage, string.Join(Environment.NewLine + "vitrine: ", complaints), json);
        await Console.Error.WriteLineAsync($"'{NameOf(parsed.CommandResult.Command)} --help' says what can be given.");
        return code;
    }

    /// <summary>With the commands that it belongs to, such as <c>vitrine jobs cancel</c>.</summary>
    private static string NameOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent
        ? $"{NameOf(parent)} {command.Name}"
        : CommandCatalogue.Program;

    /// <summary>With <c>--json</c> there is exactly one document on standard output, also of what could not be done.</summary>
    private static async Task<int> FailAsync(int exitCode, string message, bool json)
    {
        if (json)
            CliJson.Print(new FailedCommand(message, exitCode), CliJson.Writable.FailedCommand);
        await Console.Error.WriteLineAsync(exitCode == ExitCode.Interrupted ? message : $"vitrine: {message}");
        return exitCode;
    }
}
