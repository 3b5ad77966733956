using System.CommandLine;
using Vitrine.Cli.Client;
using Vitrine.Cli.Output;
using Vitrine.Cli.Settings;
using Vitrine.Server;
using Vitrine.Server.Security;
using Vitrine.Storage;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine token</c>: shows the link that lets a browser in, or makes a new token.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var isNew = new Option<bool>("--new") { Description = "Make another token first. Whoever has the old one is locked out at once, also of a server that runs." };
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("token", "Show the link with the access token, which lets a browser in.") { isNew, data, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(ProgramSettings.Read(parsed.GetValue(data)), parsed.GetValue(isNew), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ProgramSettings settings, bool isNew, bool json, CancellationToken cancellationToken)
    {
        var folder = settings.Engine.DataFolder;
        var file = AccessToken.FileIn(folder);
        if (isNew && !Directory.Exists(folder))
            throw CommandException.CouldNotRun($"There is no data folder {folder} yet. The first 'vitrine serve' makes it.");
        var token = isNew ? AccessToken.ReadOrMake(folder, anew: true).Value : File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        if (token is null)
        {
            throw CommandException.CouldNotRun(
                $"There is no access token in {folder}: a server makes it when it first needs one, which is on another address than loopback ('vitrine serve --listen http://0.0.0.0:7878'), and with --allowed-host, --trusted-proxy or --require-token.");
        }

        var served = DataFolder.AddressOrNull(folder);
        var needed = served is null ? null : await TokenNeed.OfOrNullAsync(ServedAddress.ForThisMachine(served), cancellationToken);
        var link = needed == true ? $"{ServedAddress.ForPeople(served!)}/?token={token}" : null;
        if (json)
            CliJson.Print(new TokenReport(token, link, file), CliJson.Writable.TokenReport);
        else
            Print(token, link, served, needed);
        return ExitCode.Done;
    }

    private static void Print(string token, string? link, string? served, bool? needed)
    {
        Console.WriteLine(link ?? token);
        var explanation = (served, needed) switch
        {
            (null, _) => $"No server runs. When one does that needs the token, open its address with /?token=… behind it once in each browser, such as http://{Environment.MachineName}:PORT/?token=….",
            (_, null) => $"{served} does not answer now. Open its address with /?token=… behind it once in each browser.",
            (_, false) => $"{served} asks for no token: it is reached from this machine only.",
            _ when ListenAddress.IsLoopback(served) => "That is the link for this machine. Through a proxy, put what follows the address behind the proxy's own: https://NAME/?token=….",
            _ => null,
        };
        if (explanation is not null)
            Console.Error.WriteLine(explanation);
    }
}
