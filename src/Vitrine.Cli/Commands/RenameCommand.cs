using System.CommandLine;
using Vitrine.Cli.Client;
using Vitrine.Cli.Output;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine rename LIBRARY NAME</c>: gives a library another name; its folder keeps its own.</summary>
internal static class RenameCommand
{
    public static Command Create()
    {
        var library = SharedOptions.LibraryArgument();
        var name = new Argument<string>("NAME") { Description = "What it is to be called." };
        var json = SharedOptions.Json();
        var command = new Command("rename", "Give a library another name. Its folder keeps its own.") { library, name, json };
        var connection = SharedOptions.AddConnection(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            connection(parsed), parsed.GetRequiredValue(library), parsed.GetRequiredValue(name), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ConnectionChoice choice, string library, string name, bool json, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw CommandException.Usage("The new name is empty. Give one.");
        await using var connection = await ServerConnection.OpenAsync(choice, cancellationToken, atRest: true);
        var found = await LibraryChoice.FindOneAsync(connection.Client, library, cancellationToken);
        var renamed = await connection.Client.RenameAsync(found.LibraryId, name, cancellationToken);
        if (json)
            CliJson.Print(renamed, CliJson.Writable.LibraryItem);
        else
            Console.WriteLine($"'{TerminalText.OneLine(found.Name)}' is called '{TerminalText.OneLine(renamed.Name)}' now.");
        return ExitCode.Done;
    }
}
