using System.CommandLine;
using System.CommandLine.Parsing;
using Vitrine.Cli.Client;
using Vitrine.Cli.Settings;

namespace Vitrine.Cli.Commands;

/// <summary>Options that several commands have, with the same words.</summary>
internal static class SharedOptions
{
    public static Option<string?> Data() => new("--data")
    {
        Description = "The data folder: database, thumbnails, token. Default: $VITRINE_DATA, else $XDG_DATA_HOME/vitrine, else ~/.local/share/vitrine.",
        HelpName = "DIR",
    };

    public static Option<string?> Database() => new("--database")
    {
        Description = "PostgreSQL instead of the embedded database, such as \"Host=db;Database=vitrine;Username=vitrine\". Default: $VITRINE_DATABASE, which other users of this machine do not see.",
        HelpName = "CONNECTION",
    };

    public static Option<string?> Derived() => new("--derived")
    {
        Description = "A folder that all machines share, or s3://bucket/prefix, for thumbnails and previews. Default: $VITRINE_DERIVED, else the data folder.",
        HelpName = "PLACE",
    };

    public static Option<string?> DerivedEndpoint() => new("--derived-endpoint")
    {
        Description = "The URL of an S3-compatible store. Default: $VITRINE_DERIVED_ENDPOINT, else Amazon's.",
        HelpName = "URL",
    };

    /// <summary>Adds the options that say which database is used, where derived files go and where this machine sees the folders.</summary>
    /// <param name="stages">Whether <c>--stages</c> may be given.</param>
    public static Func<ParseResult, EngineChoice> AddEngine(Command command, bool stages)
    {
        var database = Database();
        var derived = Derived();
        var endpoint = DerivedEndpoint();
        var map = new Option<string[]>("--root-map") { Description = "A folder as it is stored and as this machine sees it, such as /data=/mnt/data; may be given several times.", HelpName = "STORED=HERE" };
        var chosen = new Option<string?>("--stages") { Description = "What is worked on: metadata, embedding, or both. Default: $VITRINE_WORK__STAGES, else both.", HelpName = "STAGES" };
        command.Add(database);
        command.Add(derived);
        command.Add(endpoint);
        command.Add(map);
        if (stages)
            command.Add(chosen);
        return parsed => new EngineChoice(
            parsed.GetValue(database), parsed.GetValue(derived), parsed.GetValue(endpoint), parsed.GetValue(map) ?? [], stages ? parsed.GetValue(chosen) : null);
    }

    /// <summary>For what is checked before it is known that values can be read: reading one that is missing or cannot be converted throws.</summary>
    public static bool IsGiven(CommandResult given, Option option) => given.GetResult(option) is { Implicit: false };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output, and everything else on standard error." };

    public static Option<bool> Verbose() => new("--verbose") { Description = "Give reasons in full, with the decoder's own words." };

    public static Option<string?> Library()
    {
        var library = new Option<string?>("--library") { Description = "Only this library, by its name or id.", HelpName = "NAME" };
        library.CompletionSources.Add(_ => LibraryNames.OfTheDataFolder());
        return library;
    }

    public static Argument<string> LibraryArgument()
    {
        var library = new Argument<string>("LIBRARY") { Description = "The library, by its name or id." };
        library.CompletionSources.Add(_ => LibraryNames.OfTheDataFolder());
        return library;
    }

    public static Option<string?> Reason() => new("--reason")
    {
        Description = "Only files that failed for this reason: a word that 'vitrine failures --reasons' lists, such as damaged, cut_off, not_supported.",
        HelpName = "CLASS",
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
            if (IsGiven(given, data) && IsGiven(given, server))
                given.AddError("Give --data or --server, not both.");
        });
        return parsed => new ConnectionChoice(parsed.GetValue(data), parsed.GetValue(server), parsed.GetValue(token));
    }
}
