using System.CommandLine;
using Vitrine.Cli.Client;

namespace Vitrine.Cli.Commands;

/// <summary>The hidden command <c>vitrine openapi</c>: prints the API's description, from which the screen's types are made.</summary>
internal static class OpenApiCommand
{
    public static Command Create()
    {
        var command = new Command("openapi", "Print the OpenAPI document.") { Hidden = true };
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("vitrine-openapi-");
        try
        {
            await using var connection = await ServerConnection.OpenAsync(new ConnectionChoice(folder.FullName, null, null), cancellationToken);
            await Console.Out.WriteLineAsync((await connection.Client.TextAsync("openapi/v1.json", cancellationToken)).TrimEnd());
            return ExitCode.Done;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
