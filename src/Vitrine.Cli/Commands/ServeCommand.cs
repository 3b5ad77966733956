using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Cli.Settings;
using Vitrine.Indexing;
using Vitrine.Server;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine [serve] [FOLDER…]</c>: serves the screen and the API until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("FOLDER") { Description = "Folders to add as libraries; known ones are scanned again.", Arity = ArgumentArity.ZeroOrMore };
        var data = SharedOptions.Data();
        var listen = new Option<string?>("--listen") { Description = "Where to listen. Default: $VITRINE_LISTEN, else http://127.0.0.1:7878. Port 0 is any free one.", HelpName = "URL" };
        var hosts = new Option<string[]>("--allowed-host") { Description = "A host name under which it may be called; may be given several times.", HelpName = "NAME" };
        var hidden = new Option<bool>("--include-hidden") { Description = "Take in hidden and system files of folders that are new." };
        var open = new Option<bool>("--open") { Description = "Open the screen in the browser." };
        var noWork = new Option<bool>("--no-work") { Description = "Only serve, scan and follow the folders; workers do the rest." };
        var command = new Command("serve", "Serve the screen and the API. The default command.") { folders, data, listen, hosts, hidden, open, noWork };
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
                parsed.GetValue(noWork) ? engine(parsed) with { Stages = nameof(Work.WorkedStages.None) } : engine(parsed)),
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
        await using var server = await StartAsync(settings, cancellationToken);
        var address = ServedAddress.ForPeople(server.Address);
        await Console.Out.WriteLineAsync($"Vitrine listens on {address}");
        var file = Server.Security.AccessToken.FileIn(settings.Engine.DataFolder);
        // A log that is kept should not hold the token at each start.
        if (server.Token is { } token && (token.IsNew || !Console.IsOutputRedirected))
            await Console.Out.WriteLineAsync($"From elsewhere, open {address}/?token={token.Value} once. The token is kept in {file}.");
        else if (server.Token is not null)
            await Console.Out.WriteLineAsync($"The access token is in {file}: open {address}/?token=… once. 'vitrine token' shows the whole link.");

        var scans = server.Services.GetRequiredService<LibraryScans>();
        foreach (var root in roots)
        {
            var (library, created) = await scans.AddAsync(root, name: null, includeHidden, cancellationToken);
            if (!created)
                await scans.ScanAsync(library, confirmRemoval: false, cancellationToken);
        }

        if (open)
            Browser.Open(server.Token is null ? address : $"{address}/?token={server.Token.Value}");
        await server.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Done;
    }

    private static async Task<VitrineServer> StartAsync(ProgramSettings settings, CancellationToken cancellationToken)
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
