using System.CommandLine;
using System.Globalization;
using Vitrine.Cli.Client;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine open [ASSET|LIBRARY]</c>: opens the screen in the browser, at a library or an asset.</summary>
internal static class OpenCommand
{
    public static Command Create()
    {
        var what = new Argument<string?>("WHAT") { Description = "An asset by its id, or a library by its name. Default: the list of libraries.", Arity = ArgumentArity.ZeroOrOne };
        what.CompletionSources.Add(_ => LibraryNames.OfTheDataFolder());
        var print = new Option<bool>("--print") { Description = "Only print the address." };
        var command = new Command("open", "Open the screen in the browser, at a library or an asset.") { what, print };
        var connection = SharedOptions.AddConnection(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(connection(parsed), parsed.GetValue(what), parsed.GetValue(print), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ConnectionChoice choice, string? what, bool print, CancellationToken cancellationToken)
    {
        await using var connection = await ServerConnection.OpenRunningOrNullAsync(choice, cancellationToken)
            ?? throw CommandException.CouldNotRun("No server runs. 'vitrine serve --open' starts one and opens its screen.");
        var page = what is null ? "/" : await PageAsync(connection.Client, what, cancellationToken);
        await Console.Out.WriteLineAsync(connection.Address + page);
        if (!print)
            await ScreenInBrowser.OpenAsync(connection, page, cancellationToken);
        return ExitCode.Done;
    }

    /// <summary>A number is an asset, unless a library is called so.</summary>
    private static async Task<string> PageAsync(VitrineClient client, string what, CancellationToken cancellationToken)
    {
        if (!long.TryParse(what, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || (await client.LibrariesAsync(cancellationToken)).Any(library => library.Name == what))
            return $"/libraries/{(await LibraryChoice.FindOneAsync(client, what, cancellationToken)).LibraryId}";
        var asset = await client.AssetAsync(id, cancellationToken);
        return $"/libraries/{asset.LibraryId}/assets/{asset.Id}";
    }
}
