using System.CommandLine;
using Vitrine.Cli.Client;
using Vitrine.Cli.Output;
using Vitrine.Cli.Progress;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine retry</c>: puts failed files back to work and waits for them.</summary>
internal static class RetryCommand
{
    public static Command Create()
    {
        var asset = new Argument<long?>("ASSET")
        {
            Description = "The failed asset's id, as 'vitrine failures' lists it.",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = given => NumberOption.ReadOrNull<long>(given, text => $"'{text}' is not an asset id. 'vitrine failures' lists them."),
        };
        var all = new Option<bool>("--all") { Description = "All failed assets." };
        var library = SharedOptions.Library();
        var reason = SharedOptions.Reason();
        var json = SharedOptions.Json();
        var command = new Command("retry", "Try failed files again and wait for them.") { asset, all, library, reason, json };
        var connection = SharedOptions.AddConnection(command);
        command.Validators.Add(given =>
        {
            var one = given.GetResult(asset) is { Tokens.Count: > 0 };
            if (one == (SharedOptions.IsGiven(given, all) || SharedOptions.IsGiven(given, library)))
                given.AddError("Give the id of one ASSET, or --all, or --library NAME.");
            if (one && SharedOptions.IsGiven(given, reason))
                given.AddError("--reason goes with --all or --library.");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(
            connection(parsed), parsed.GetValue(asset), parsed.GetValue(library), parsed.GetValue(reason), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(
        ConnectionChoice choice, long? asset, string? library, string? reason, bool json, CancellationToken cancellationToken) => InterruptedWork.RunAsync(
            () => ServerConnection.OpenAsync(choice, cancellationToken),
            connection => RetryAsync(connection, asset, library, reason, json, cancellationToken),
            one => library is null || one.LibraryId == library || one.Name.Equals(library, StringComparison.OrdinalIgnoreCase),
            cancellationToken);

    private static async Task<int> RetryAsync(
        ServerConnection connection, long? asset, string? library, string? reason, bool json, CancellationToken cancellationToken)
    {
        var client = connection.Client;
        var chosen = asset is null ? await LibraryChoice.FindAsync(client, library, cancellationToken) : [];
        var failed = await FailedAsync(client, asset, chosen, reason, cancellationToken);
        var began = TimeProvider.System.GetTimestamp();
        var work = new List<LibraryWork>();
        if (asset is { } id)
        {
            work.Add(await client.WorkAsync($"api/assets/{id}/retry", cancellationToken));
        }
        else
        {
            foreach (var libraryId in failed.Select(failure => failure.LibraryId).Distinct())
                work.Add(await client.RetryFailedAsync(libraryId, reason, cancellationToken));
        }

        foreach (var started in work)
            await ProgressDisplay.FollowAsync(client, started.LibraryId, cancellationToken);

        // What failed again may have another reason now.
        var retried = failed.Select(failure => failure.AssetId).ToHashSet();
        var again = (await FailedAsync(client, asset, chosen, reason: null, cancellationToken)).Where(failure => retried.Contains(failure.AssetId)).ToList();
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var unknown = failed.Count == 0 && reason is not null ? await FailureReasonText.UnknownOrNullAsync(client, library is null ? null : chosen[0].LibraryId, reason, cancellationToken) : null;
        var summary = new RetrySummary(connection.Address, failed.Count, Math.Round(seconds, 3), again);
        if (json)
            CliJson.Print(summary, CliJson.Writable.RetrySummary);
        else
            Print(summary, unknown ?? "No file has failed: there is nothing to retry.");
        return again.Count > 0 ? ExitCode.DoneWithFailures : ExitCode.Done;
    }

    private static async Task<IReadOnlyList<FailureItem>> FailedAsync(
        VitrineClient client, long? asset, IReadOnlyList<LibraryItem> libraries, string? reason, CancellationToken cancellationToken)
    {
        var all = (await client.FailuresAsync(libraryId: null, reason, cancellationToken)).Items;
        return [.. all.Where(failure => asset is null ? libraries.Any(library => library.LibraryId == failure.LibraryId) : failure.AssetId == asset)];
    }

    private static void Print(RetrySummary summary, string nothing)
    {
        Console.WriteLine(summary.Retried == 0
            ? nothing
            : $"Tried {summary.Retried:N0} files again in {ProgressText.Duration(summary.Seconds)}: {summary.Retried - summary.Failures.Count:N0} ready, {summary.Failures.Count:N0} failed again.");
        FailureText.Print(summary.Failures, []);
    }
}
