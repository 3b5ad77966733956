using System.CommandLine;
using Vitrine.Cli.Client;
using Vitrine.Cli.Output;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine forget LIBRARY</c>: takes a library out of Vitrine, after a question; its files stay where they are.</summary>
internal static class ForgetCommand
{
    public static Command Create()
    {
        var library = SharedOptions.LibraryArgument();
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var json = SharedOptions.Json();
        var command = new Command("forget", "Take a library out of Vitrine. The files in its folder are not touched.") { library, yes, json };
        var connection = SharedOptions.AddConnection(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            connection(parsed), parsed.GetRequiredValue(library), parsed.GetValue(yes), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ConnectionChoice choice, string library, bool yes, bool json, CancellationToken cancellationToken)
    {
        await using (var reading = await ReadingConnection.OpenAsync(choice, cancellationToken))
        {
            var asked = await LibraryChoice.FindOneAsync(reading.Libraries, library, cancellationToken);
            if (!yes && !await AskAsync(asked, json, cancellationToken))
            {
                await Console.Error.WriteLineAsync($"'{TerminalText.OneLine(asked.Name)}' stays.");
                return ExitCode.Done;
            }
        }

        await using var connection = await ServerConnection.OpenAsync(choice, cancellationToken, atRest: true);
        var found = await LibraryChoice.FindOneAsync(connection.Client, library, cancellationToken);
        await connection.Client.ForgetAsync(found.LibraryId, cancellationToken);
        if (json)
            CliJson.Print(new ForgottenLibrary(found.LibraryId, found.Name, found.Path, found.Progress.Total), CliJson.Writable.ForgottenLibrary);
        else
            Console.WriteLine($"Forgot '{TerminalText.OneLine(found.Name)}' and what was known of {found.Progress.Total:N0} files. {TerminalText.OneLine(found.Path)} was not touched.");
        return ExitCode.Done;
    }

    /// <exception cref="CommandException">Nobody can be asked.</exception>
    private static Task<bool> AskAsync(LibraryItem library, bool json, CancellationToken cancellationToken)
    {
        var what = $"What Vitrine knows of the {library.Progress.Total:N0} files of '{TerminalText.OneLine(library.Name)}' ({TerminalText.OneLine(library.Path)}) goes: "
            + "metadata, tags made by hand, vectors and failures. The files themselves stay.";
        return json || !Question.CanBeAsked
            ? throw CommandException.Usage($"{what} Nobody can be asked here: add --yes.")
            : Question.AskAsync($"{what} Forget it?", cancellationToken);
    }
}
