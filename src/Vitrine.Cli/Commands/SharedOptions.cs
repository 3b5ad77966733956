using System.CommandLine;
using Vitrine.Cli.Client;

namespace Vitrine.Cli.Commands;

/// <summary>Options that several commands have, with the same words.</summary>
internal static class SharedOptions
{
    public static Option<string?> Data() => new("--data")
    {
        Description = "The data folder: database, thumbnails, token. Default: $VITRINE_DATA, else $XDG_DATA_HOME/vitrine, else ~/.local/share/vitrine.",
        HelpName = "DIR",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output, and everything else on standard error." };

    public static Option<string?> Library() => new("--library") { Description = "Only this library, by its name or id.", HelpName = "NAME" };

    public static Option<string?> Reason() => new("--reason")
    {
        Description = "Only files that failed for this reason: one that 'vitrine failures --reasons' lists, or its first word before the colon.",
        HelpName = "TEXT",
    };

    /// <summary>Adds the options that say which server is asked, and tells how to read them.</summary>
    public static Func<ParseResult, ConnectionChoice> AddConnection(Command command)
    {
        var data = Data();
        var server = new Option<string?>("--server")
        {
            Description = "Ask this server. Default: the one that holds the data folder, else one that runs for this command only.",
            HelpName = "URL",
        };
        var token = new Option<string?>("--token")
        {
            Description = "The access token of a server on another address than loopback. Default: $VITRINE_TOKEN.",
            HelpName = "TOKEN",
        };
        command.Add(data);
        command.Add(server);
        command.Add(token);
        command.Validators.Add(given =>
        {
            if (given.GetValue(data) is not null && given.GetValue(server) is not null)
                given.AddError("Give --data or --server, not both.");
        });
        return parsed => new ConnectionChoice(parsed.GetValue(data), parsed.GetValue(server), parsed.GetValue(token));
    }
}
