using System.CommandLine;
using Vitrine.Cli.Client;
using Vitrine.Cli.Output;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine failures</c>: failed files with their reasons, and what scans did not take in.</summary>
internal static class FailuresCommand
{
    public static Command Create()
    {
        var library = SharedOptions.Library();
        var reason = SharedOptions.Reason();
        var reasons = new Option<bool>("--reasons") { Description = "How many files failed for which reason, instead of each file." };
        var verbose = new Option<bool>("--verbose") { Description = "Add what the decoder or the system said of each file." };
        var json = SharedOptions.Json();
        var command = new Command("failures", "List failed files with their reasons, and what scans skipped.") { library, reason, reasons, verbose, json };
        var connection = SharedOptions.AddConnection(command);
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(connection(parsed), parsed.GetValue(library), parsed.GetValue(reason), parsed.GetValue(reasons), parsed.GetValue(verbose), parsed.GetValue(json),
                cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ConnectionChoice choice, string? library, string? reason, bool reasons, bool verbose, bool json, CancellationToken cancellationToken)
    {
        await using var connection = await ServerConnection.OpenAsync(choice, cancellationToken);
        var chosen = library is null ? null : (await LibraryChoice.FindAsync(connection.Client, library, cancellationToken))[0].LibraryId;
        if (reasons)
        {
            var list = await connection.Client.FailureReasonsAsync(chosen, cancellationToken);
            if (json)
                CliJson.Print(list, CliJson.Writable.FailureReasonList);
            else
                FailureText.Print(list, verbose);
            return ExitCode.Done;
        }

        var failures = await connection.Client.FailuresAsync(chosen, cancellationToken, reason);
        if (json)
            CliJson.Print(failures, CliJson.Writable.FailurePage);
        else if (failures.Items.Count + failures.Skipped.Count == 0)
            Console.WriteLine("No file failed and none was skipped.");
        else
            FailureText.Print(failures.Items, failures.Skipped, verbose);
        return ExitCode.Done;
    }
}
