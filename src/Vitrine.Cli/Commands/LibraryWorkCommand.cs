using System.CommandLine;
using Vitrine.Cli.Client;
using Vitrine.Cli.Output;
using Vitrine.Cli.Progress;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine pause|resume|cancel LIBRARY</c>: holds a library's work, lets it go on, or ends it.</summary>
internal static class LibraryWorkCommand
{
    public static Command CreatePause() => Create("pause", "Hold a library's work, also over restarts.");

    public static Command CreateResume() => Create("resume", "Let a library's work go on.");

    public static Command CreateCancel() => Create("cancel", "End a library's work; what is not done stays as it is until the library is scanned again.");

    private static Command Create(string verb, string description)
    {
        var library = SharedOptions.LibraryArgument();
        var json = SharedOptions.Json();
        var command = new Command(verb, description) { library, json };
        var connection = SharedOptions.AddConnection(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            connection(parsed), verb, parsed.GetRequiredValue(library), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ConnectionChoice choice, string verb, string library, bool json, CancellationToken cancellationToken)
    {
        await using var connection = await ServerConnection.OpenAsync(choice, cancellationToken, atRest: true);
        var client = connection.Client;
        var id = (await LibraryChoice.FindOneAsync(client, library, cancellationToken)).LibraryId;
        await client.WorkAsync($"api/libraries/{id}/{verb}", cancellationToken);
        var now = await client.LibraryAsync(id, cancellationToken);
        if (json)
            CliJson.Print(now, CliJson.Writable.LibraryItem);
        else
            Console.WriteLine($"{TerminalText.OneLine(now.Name)}: {(now.Progress is { } progress ? ProgressText.PhaseOf(progress) : verb)}");
        return ExitCode.Done;
    }
}
