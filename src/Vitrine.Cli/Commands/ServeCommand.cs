using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Cli.Settings;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Server;
using Vitrine.Storage;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine [serve] [FOLDER…]</c>: serves the screen and the API until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("FOLDER") { Description = "Folders to add as libraries; known ones are scanned again.", Arity = ArgumentArity.ZeroOrMore };
        var data = SharedOptions.Data();
        var listen = new Option<string?>("--listen") { Description = "Where to listen. Default: $VITRINE_LISTEN, else http://127.0.0.1:7878. Port 0 is any free one.", HelpName = "URL" };
        var hosts = new Option<string[]>("--allowed-host") { Description = "A host name under which it may be called; may be given several times. With one, the access token is needed on loopback, too.", HelpName = "NAME" };
        var requireToken = new Option<bool>("--require-token") { Description = "Ask for the access token on loopback, too: other users of this machine come from there." };
        var newToken = new Option<bool>("--new-token") { Description = "Make another access token: every browser and program has to be let in anew." };
        var proxies = new Option<string[]>("--trusted-proxy") { Description = "Address or network of a proxy on another machine that speaks https; may be given several times. With one, the access token is needed on loopback, too.", HelpName = "ADDRESS" };
        var hidden = new Option<bool>("--include-hidden") { Description = "Take in hidden and system files of folders that are new." };
        var open = new Option<bool>("--open") { Description = "Open the screen in the browser." };
        var noWork = new Option<bool>("--no-work") { Description = "Only serve, scan and follow the folders; workers do the rest." };
        var command = new Command("serve", "Serve the screen and the API. The default command.") { folders, data, listen, hosts, requireToken, newToken, proxies, hidden, open, noWork };
        var engine = SharedOptions.AddEngine(command, stages: true);
        command.Validators.Add(given =>
        {
            if (SharedOptions.IsGiven(given, noWork) && given.GetResult("--stages") is not null)
                given.AddError("Give --no-work or --stages, not both.");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(
            ProgramSettings.Read(
                parsed.GetValue(data),
                parsed.GetValue(listen),
                parsed.GetValue(hosts),
                parsed.GetValue(noWork) ? engine(parsed) with { Stages = nameof(Work.WorkedStages.None) } : engine(parsed),
                new AccessChoice(parsed.GetValue(requireToken), parsed.GetValue(newToken), parsed.GetValue(proxies) ?? [])),
            parsed.GetValue(folders) ?? [],
            parsed.GetValue(hidden),
            parsed.GetValue(open),
            cancellationToken));
        return command;
    }

    /// <summary>Serves until cancelled. Folders that cannot be libraries are told before anything is stored.</summary>
    public static async Task<int> RunAsync(
        ProgramSettings settings, IReadOnlyList<string> folders, bool includeHidden, bool open, CancellationToken cancellationToken)
    {
        var roots = folders.Select(folder => FolderArgument.Check(folder, settings.Engine.DataFolder)).ToList();
        foreach (var root in roots)
        {
            if (!await HomeQuestion.MayGoOnAsync(root, () => Task.FromResult(IsLibrary(root, settings.Engine)), json: false, cancellationToken))
            {
                await Console.Error.WriteLineAsync("Nothing was added, and no server was started.");
                return ExitCode.Done;
            }
        }

        await using var server = await StartAsync(settings, cancellationToken);
        await SayWhereAsync(server, settings.Engine.DataFolder);
        foreach (var root in roots)
            await AddAsync(server, root, includeHidden, cancellationToken);

        using var entrance = EntranceFile.Of(settings.Engine.DataFolder);
        if (open)
            ScreenInBrowser.Open(ServedAddress.ForThisMachine(server.Address), "/", server.Token?.Value, settings.Engine.DataFolder);
        await server.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Done;
    }

    /// <summary>Adds a folder, or scans a known one again, and says what an import would.</summary>
    private static async Task AddAsync(VitrineServer server, string root, bool includeHidden, CancellationToken cancellationToken)
    {
        var scans = server.Services.GetRequiredService<LibraryScans>();
        var (library, created) = await scans.AddAsync(root, name: null, includeHidden, cancellationToken);
        if (!created)
            await scans.ScanAsync(library, confirmRemoval: false, cancellationToken);
        if (!created && includeHidden && !library.IncludeHidden)
            await Console.Error.WriteLineAsync(ImportCommand.WithoutHidden(root));
        if (created && LibraryOverlap.NoteOrNull(library, server.Services.GetRequiredService<LibraryStore>().All()) is { } note)
            await Console.Error.WriteLineAsync(note);
    }

    private static bool IsLibrary(string root, VitrineOptions engine)
    {
        try
        {
            using var reader = VitrineReader.OpenOrNull(engine);
            return reader?.Libraries.All().Any(library => library.Path == root) == true;
        }
        catch (DatabaseUnavailableException)
        {
            return false; // the start brings it up to date, or says what is wrong with it
        }
    }

    /// <summary>Says where the screen is, and its token where one is needed: on a terminal at each start, in a log only when the token is new.</summary>
    internal static async Task SayWhereAsync(VitrineServer server, string dataFolder)
    {
        var address = ServedAddress.ForPeople(server.Address);
        await Console.Out.WriteLineAsync($"Vitrine listens on {address}");
        if (server.Token is not { } token)
            return;
        var file = Server.Security.AccessToken.FileIn(dataFolder);
        await Console.Out.WriteLineAsync(token.IsNew || !Console.IsOutputRedirected
            ? $"In each browser, open {address}/?token={token.Value} once. The token is kept in {file}."
            : $"In each browser, open {address}/?token=… once. The token is in {file}; 'vitrine token' shows the whole link.");
    }

    /// <exception cref="CommandException">The address is in use.</exception>
    internal static async Task<VitrineServer> StartAsync(ProgramSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            return await VitrineServer.StartAsync(settings.Engine, settings.Server, cancellationToken);
        }
        catch (Exception exception) when (ListenTrouble.DescribeOrNull(settings.Server.Listen, exception) is { } trouble)
        {
            throw CommandException.CouldNotRun(trouble);
        }
    }
}
