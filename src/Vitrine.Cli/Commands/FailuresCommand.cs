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
        var verbose = SharedOptions.Verbose();
        var json = SharedOptions.Json();
        var command = new Command("failures", "List failed files with their reasons, and what scans skipped.") { library, reason, reasons, verbose, json };
        var connection = SharedOptions.AddConnection(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var reading = await ReadingConnection.OpenAsync(connection(parsed), cancellationToken);
            var wanted = parsed.GetValue(library);
            var chosen = wanted is null ? null : (await LibraryChoice.FindOneAsync(reading.Libraries, wanted, cancellationToken)).LibraryId;
            return parsed.GetValue(reasons)
                ? await PrintReasonsAsync(reading, chosen, parsed.GetValue(verbose), parsed.GetValue(json), cancellationToken)
                : await PrintFilesAsync(reading, chosen, parsed.GetValue(reason), parsed.GetValue(verbose), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> PrintReasonsAsync(ReadingConnection reading, string? library, bool verbose, bool json, CancellationToken cancellationToken)
    {
        var list = await reading.Libraries.FailureReasonsAsync(library, cancellationToken);
        if (json)
            CliJson.Print(list, CliJson.Writable.FailureReasonList);
        else if (reading.IsNothingThere)
            Console.WriteLine(reading.NothingThere);
        else
            FailureText.Print(list, verbose);
        return ExitCode.Done;
    }

    private static async Task<int> PrintFilesAsync(
        ReadingConnection reading, string? library, string? reason, bool verbose, bool json, CancellationToken cancellationToken)
    {
        if (json)
        {
            CliJson.Print(await reading.Libraries.FailuresAsync(library, reason, cancellationToken), CliJson.Writable.FailurePage);
            return ExitCode.Done;
        }

        if (reading.IsNothingThere)
        {
            Console.WriteLine(reading.NothingThere);
            return ExitCode.Done;
        }

        var failed = 0;
        var skipped = 0;
        foreach (var one in (await reading.Libraries.LibrariesAsync(cancellationToken)).Where(one => library is null || one.LibraryId == library))
        {
            var page = await reading.Libraries.FailuresAsync(one.LibraryId, reason, cancellationToken);
            failed += page.Items.Count;
            // What was skipped has no reason of a failure.
            var passed = reason is null ? page.Skipped : [];
            skipped += passed.Count;
            if (page.Items.Count + passed.Count == 0)
                continue;
            Console.WriteLine($"{TerminalText.OneLine(one.Name)}, {TerminalText.OneLine(one.Path)}");
            FailureText.Print(page.Items, passed, verbose);
        }

        if (failed + skipped == 0)
        {
            var unknown = reason is null ? null : await FailureReasonText.UnknownOrNullAsync(reading.Libraries, library, reason, cancellationToken);
            Console.WriteLine(unknown ?? (reason is null ? "No file failed and none was skipped." : "No file failed."));
        }

        return ExitCode.Done;
    }
}
