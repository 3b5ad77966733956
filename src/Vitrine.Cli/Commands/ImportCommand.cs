using System.CommandLine;
using Vitrine.Cli.Client;
using Vitrine.Cli.Output;
using Vitrine.Cli.Progress;
using Vitrine.Cli.Settings;
using Vitrine.Progress;
using Vitrine.Server.Api;
using Vitrine.Work;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine import FOLDER</c>: adds a library, or scans a known one again, waits for all its work and sums it up.</summary>
internal static class ImportCommand
{
    private const string NothingImported = "Nothing was imported.";

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The folder that holds the pictures and models." };
        var name = new Option<string?>("--library") { Description = "The new library's name. Default: the folder's.", HelpName = "NAME" };
        var hidden = new Option<bool>("--include-hidden") { Description = "Take in hidden and system files of a new library." };
        var confirm = new Option<bool>("--confirm-removal") { Description = "Remove files of a known library that are gone, even if they are more than half of it." };
        var detach = new Option<bool>("--detach") { Description = "Do not wait: the server goes on with the work. Needs a running server." };
        var json = SharedOptions.Json();
        var command = new Command("import", "Add a folder as a library, or scan a known one again, and wait until it is ready.") { folder, name, hidden, confirm, detach, json };
        var connection = SharedOptions.AddConnection(command);
        var engine = SharedOptions.AddEngine(command, stages: false);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            connection(parsed) with { Engine = engine(parsed) },
            new NewLibrary(parsed.GetRequiredValue(folder), parsed.GetValue(name), parsed.GetValue(hidden)),
            parsed.GetValue(confirm),
            parsed.GetValue(detach),
            parsed.GetValue(json),
            cancellationToken));
        return command;
    }

    /// <summary>Said where hidden files are asked for and the folder is a library without them.</summary>
    public static string WithoutHidden(string path) =>
        $"{path} is a library without hidden files already, and stays so. To take them in, 'vitrine forget' it, and import it anew with --include-hidden.";

    private static async Task<int> RunAsync(
        ConnectionChoice choice, NewLibrary wanted, bool confirmRemoval, bool detach, bool json, CancellationToken cancellationToken)
    {
        wanted = wanted with { Path = FolderArgument.Absolute(wanted.Path!) };
        if (choice.Server is null)
            wanted = wanted with { Path = FolderArgument.Check(wanted.Path, ProgramSettings.Read(choice.Data, choice: choice.Engine).Engine.DataFolder) };
        return await InterruptedWork.RunAsync(
            () => ServerConnection.OpenAsync(choice, cancellationToken),
            connection => ImportAsync(connection, wanted, confirmRemoval, detach, json, cancellationToken),
            library => library.Path == wanted.Path,
            cancellationToken);
    }

    private static async Task<int> ImportAsync(
        ServerConnection connection, NewLibrary wanted, bool confirmRemoval, bool detach, bool json, CancellationToken cancellationToken)
    {
        if (detach && connection.IsOwn)
            throw CommandException.CouldNotRun("--detach needs a server that goes on with the work. Start one with 'vitrine serve', or import without --detach.");

        var began = TimeProvider.System.GetTimestamp();
        var client = connection.Client;
        // What a server elsewhere calls by this path is not this machine's home.
        if (connection.DataFolderPath is not null && !await IsMeantAsync(client, wanted.Path!, json, cancellationToken))
        {
            await Console.Error.WriteLineAsync(NothingImported);
            return ExitCode.Done;
        }

        var (library, isNew) = await client.AddAsync(wanted, cancellationToken);
        if (!isNew && wanted.Name is { } name && name != library.Name)
            await Console.Error.WriteLineAsync($"{library.Path} is the library '{library.Name}' already: it keeps that name. 'vitrine rename' changes it.");
        if (!isNew && wanted.IncludeHidden == true && !(await client.LibraryAsync(library.LibraryId, cancellationToken)).IncludeHidden)
            await Console.Error.WriteLineAsync(WithoutHidden(library.Path));
        if (isNew && library.Note is { } note)
            await Console.Error.WriteLineAsync(note);
        var taskGroupId = isNew ? library.TaskGroupId : (await client.ScanAsync(library.LibraryId, confirmRemoval, cancellationToken)).TaskGroupId;
        if (detach)
        {
            ImportSummary.Started(connection.Address, library, taskGroupId).Print(json, known: 0);
            return ExitCode.Done;
        }

        var final = await FollowAsync(client, library, taskGroupId, cancellationToken);
        var now = await client.LibraryAsync(library.LibraryId, cancellationToken);
        if (now.Missing > 0 && await RemovalQuestion.AskAsync(library.Path, now.Missing, json, cancellationToken))
        {
            taskGroupId = (await client.ScanAsync(library.LibraryId, confirmRemoval: true, cancellationToken)).TaskGroupId;
            final = await FollowAsync(client, library, taskGroupId, cancellationToken);
            now = await client.LibraryAsync(library.LibraryId, cancellationToken);
        }

        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var failures = await client.FailuresAsync(library.LibraryId, reason: null, cancellationToken);
        var summary = ImportSummary.Of(connection.Address, library, final, seconds, failures, now.Missing);
        summary.Print(json, now.Progress.Total);
        if (final.Status == ProgressStatus.Cancelled)
            return ExitCode.CouldNotRun;
        return summary.Failures.Count + summary.SkippedPaths.Count + now.Missing > 0 ? ExitCode.DoneWithFailures : ExitCode.Done;
    }

    /// <exception cref="CommandException">Ctrl+C before there was an answer.</exception>
    private static async Task<bool> IsMeantAsync(VitrineClient client, string path, bool json, CancellationToken cancellationToken)
    {
        try
        {
            return await HomeQuestion.MayGoOnAsync(
                path, async () => (await client.LibrariesAsync(cancellationToken)).Any(known => known.Path == path), json, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.Interrupted, NothingImported);
        }
    }

    /// <summary>Shows the work until it ends; a scan that fails ends it, also where work is left that waits for the folder.</summary>
    private static async Task<ProgressItem> FollowAsync(VitrineClient client, AddedLibrary library, string taskGroupId, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = ProgressDisplay.FollowAsync(client, taskGroupId, stop.Token);
        try
        {
            while (await client.JobOrNullAsync($"scan:{library.LibraryId}", cancellationToken) is { } scan)
            {
                if (scan.Status == JobStatus.Failed)
                    throw CommandException.CouldNotRun($"{library.Path} could not be scanned: {scan.Error}");
                if (scan.Status != JobStatus.Running)
                    break;
                await Task.WhenAny(following, Task.Delay(s_look, stop.Token));
            }
        }
        catch
        {
            // The bar is taken away before anything else is said.
            await stop.CancelAsync();
            await ((Task)following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await following;
    }
}
