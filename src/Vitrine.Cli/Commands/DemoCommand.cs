using System.CommandLine;
using Vitrine.Cli.Client;
using Vitrine.Cli.Settings;
using Vitrine.Server.Api;
using Vitrine.Storage;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine demo</c>: makes a folder of sample pictures and models, and serves it, or shows two ways of importing it side by side.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    public static Command Create()
    {
        var folder = new Argument<string?>("FOLDER") { Description = "Where the samples are made. Default: beside the data folder, with -samples after its name.", Arity = ArgumentArity.ZeroOrOne };
        var data = SharedOptions.Data();
        var listen = new Option<string?>("--listen") { Description = "Where to listen. Default: $VITRINE_LISTEN, else http://127.0.0.1:7878; with --compare any free port.", HelpName = "URL" };
        var open = new Option<bool>("--open") { Description = "Open the screen in the browser." };
        var noServe = new Option<bool>("--no-serve") { Description = "Make the samples and stop; with --compare, stop after the two imports." };
        var compare = new Option<bool>("--compare") { Description = "Import the samples Vitrine's way and the blocking way, with two stopwatches, here and in the browser. Into a data folder that goes with the command." };
        var command = new Command("demo", "Make a folder of sample pictures and models, and serve it. Downloads nothing.") { folder, data, listen, open, noServe, compare };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            ProgramSettings.Read(parsed.GetValue(data), parsed.GetValue(listen) ?? (parsed.GetValue(compare) ? ListenOrNull() : null)),
            parsed.GetValue(folder),
            parsed.GetValue(open),
            parsed.GetValue(noServe),
            parsed.GetValue(compare),
            cancellationToken));
        return command;
    }

    /// <returns>Null where the environment says where to listen.</returns>
    private static string? ListenOrNull() => Environment.GetEnvironmentVariable(OptionVariable.Prefix + "LISTEN") is null or "" ? ComparedDemo.Listen : null;

    private static async Task<int> RunAsync(
        ProgramSettings settings, string? folder, bool open, bool noServe, bool compare, CancellationToken cancellationToken)
    {
        // Not inside a data folder: what is in there cannot be a library.
        folder = FolderArgument.CheckNew(
            FileArgument.Absolute(folder ?? Path.TrimEndingDirectorySeparator(settings.Engine.DataFolder) + "-samples"), settings.Engine.DataFolder);
        if (File.Exists(folder))
            throw CommandException.Usage($"'{folder}' is a file. Give the folder in which the samples are to be made; it need not be there yet.");
        await Console.Error.WriteLineAsync($"Making samples in {folder}…");
        var (exitCode, made, errors) = await ChildProgram.RunAsync(["samples", folder], s_patience, cancellationToken);
        if (exitCode != ExitCode.Done)
            throw CommandException.CouldNotRun($"The samples could not be made in {folder}: {errors.Split('\n')[^1]}");
        if (errors.Length > 0)
            await Console.Error.WriteLineAsync(errors);
        await Console.Out.WriteLineAsync($"{made} pictures and models in {folder}");
        if (compare)
            return await ComparedDemo.RunAsync(settings, folder, open, isServed: !noServe, cancellationToken);
        if (noServe)
            return ExitCode.Done;
        if (DataFolder.AddressOrNull(settings.Engine.DataFolder) is null)
            return await ServeCommand.RunAsync(settings, [folder], includeHidden: false, open, cancellationToken);

        await using var connection = await ServerConnection.OpenAsync(new ConnectionChoice(settings.Engine.DataFolder, null, null), cancellationToken);
        if (await connection.Client.AddAsync(new NewLibrary(folder, null, null), cancellationToken) is ({ Note: { } note }, true))
            await Console.Error.WriteLineAsync(note);
        await Console.Out.WriteLineAsync($"Added to the server at {connection.Address}");
        if (open)
            await ScreenInBrowser.OpenAsync(connection, "/", cancellationToken);
        return ExitCode.Done;
    }
}
