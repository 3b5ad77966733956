using System.CommandLine;
using Vitrine.Cli.Output;
using Vitrine.Cli.Settings;
using Vitrine.Server;
using Vitrine.Server.Security;
using Vitrine.Storage;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine token</c>: shows the link that lets a browser on another machine in, or makes a new token.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var isNew = new Option<bool>("--new") { Description = "Make another token first. Whoever has the old one is locked out at the server's next start." };
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("token", "Show the link with the access token, which lets a browser on another machine in.") { isNew, data, json };
        command.SetAction(parsed => Run(ProgramSettings.Read(parsed.GetValue(data)), parsed.GetValue(isNew), parsed.GetValue(json)));
        return command;
    }

    private static int Run(ProgramSettings settings, bool isNew, bool json)
    {
        var folder = settings.Engine.DataFolder;
        var file = AccessToken.FileIn(folder);
        if (isNew && !Directory.Exists(folder))
            throw CommandException.CouldNotRun($"There is no data folder {folder} yet. The first 'vitrine serve' makes it.");
        var token = isNew ? AccessToken.Renew(folder).Value : File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        if (token is null)
        {
            throw CommandException.CouldNotRun(
                $"There is no access token in {folder}: a server makes it when it first listens on another address than loopback, such as 'vitrine serve --listen http://0.0.0.0:7878'.");
        }

        var served = DataFolder.AddressOrNull(folder);
        // A server asks for the token that it began with.
        var link = served is not null && !isNew && !ListenAddress.IsLoopback(served) ? $"{ServedAddress.ForPeople(served)}/?token={token}" : null;
        if (json)
            CliJson.Print(new TokenReport(token, link, file), CliJson.Writable.TokenReport);
        else
            Print(token, link, served, isNew);
        return ExitCode.Done;
    }

    private static void Print(string token, string? link, string? served, bool isNew)
    {
        if (link is not null)
        {
            Console.WriteLine(link);
            return;
        }

        Console.WriteLine(token);
        Console.Error.WriteLine(served switch
        {
            null => $"No server runs. When one listens on another address than loopback, open http://{Environment.MachineName}:PORT/?token=… with this token once.",
            _ when ListenAddress.IsLoopback(served) => $"{served} is reached from this machine only, and asks for no token.",
            _ when isNew => $"{served} goes on with the old token until it is started again.",
            _ => throw new InvalidOperationException("A server that asks for its token has a link."),
        });
    }
}
