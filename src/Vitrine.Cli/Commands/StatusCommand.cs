using System.CommandLine;
using Vitrine.Cli.Client;
using Vitrine.Cli.Output;
using Vitrine.Cli.Progress;

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
        await using var connection = await ServerConnection.OpenAsync(choice, cancellationToken);
        var libraries = await connection.Client.LibrariesAsync(cancellationToken);
        var workers = (await connection.Client.WorkersAsync(cancellationToken)).Items;
        var heldUp = (await connection.Client.ReadinessAsync(cancellationToken)).Features.FirstOrDefault(feature => feature is { Name: "work", Ready: false })?.Detail;
        var report = new StatusReport(connection.IsOwn ? null : connection.Address, !connection.IsOwn, connection.DataFolderPath, libraries, workers, heldUp);
        if (json)
            CliJson.Print(report, CliJson.Writable.StatusReport);
        else
            Print(report);
        return ExitCode.Done;
    }

    private static void Print(StatusReport report)
    {
        Console.WriteLine(report.Running ? $"Served at {report.Server}" : $"No server runs on {report.DataFolder}: start one with 'vitrine serve'.");
        if (report.HeldUp is { } heldUp)
            Console.WriteLine($"Work is held up. {heldUp}");
        if (report.Libraries.Count == 0)
            Console.WriteLine("No libraries yet: add one with 'vitrine import FOLDER'.");
        foreach (var library in report.Libraries)
        {
            Console.WriteLine($"{library.LibraryId}  {library.Name}  {library.Path}");
            if (library.Progress is { } progress)
            {
                Console.WriteLine(
                    $"    {ProgressText.PhaseOf(progress)}: {progress.Total:N0} files, {progress.Pending:N0} pending, {progress.Indexed:N0} indexed, "
                    + $"{progress.Embedding:N0} embedding, {progress.Ready:N0} ready, {progress.Failed:N0} failed, {library.Skipped:N0} skipped"
                    + (progress.RatePerSecond > 0 ? $", {progress.RatePerSecond:N0} files/s" : "")
                    + (progress.EtaSeconds is { } eta ? $", {ProgressText.Duration(eta)} left" : ""));
            }
        }

        foreach (var worker in report.Running ? report.Workers : [])
        {
            var stages = worker.Stages.Count == 0 ? "only serves" : string.Join(", ", worker.Stages).ToLowerInvariant();
            Console.WriteLine(
                $"{worker.Host}, process {worker.ProcessId}: {stages}, {worker.RatePerSecond:N1} files/s, {worker.Claims:N0} claims, "
                + $"last heard at {worker.HeartbeatAt:HH:mm:ss}Z{(worker.Silent ? ", silent" : "")}");
        }
    }
}
