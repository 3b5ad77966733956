using System.CommandLine;
using Vitrine.Cli.Client;
using Vitrine.Cli.Output;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine status</c>: the libraries and how far they are, and the machines that work on them.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var json = SharedOptions.Json();
        var command = new Command("status", "List the libraries and how far they are.") { json };
        var connection = SharedOptions.AddConnection(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(connection(parsed), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ConnectionChoice choice, bool json, CancellationToken cancellationToken)
    {
        await using var reading = await ReadingConnection.OpenAsync(choice, cancellationToken);
        var report = new StatusReport(
            reading.Address,
            reading.Address is not null,
            reading.DataFolderPath,
            await reading.Libraries.LibrariesAsync(cancellationToken),
            (await reading.Libraries.WorkersAsync(cancellationToken)).Items,
            await reading.Libraries.HeldUpAsync(cancellationToken));
        if (json)
            CliJson.Print(report, CliJson.Writable.StatusReport);
        else if (reading.IsNothingThere)
            Console.WriteLine(reading.NothingThere);
        else
            StatusText.Print(report);
        return ExitCode.Done;
    }
}
