using Vitrine.Cli.Progress;
using Vitrine.Progress;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Output;

/// <summary>Libraries and machines for a person.</summary>
internal static class StatusText
{
    public static void Print(StatusReport report)
    {
        Console.WriteLine(report.Running ? $"Served at {report.Server}" : $"No server runs on {report.DataFolder}: start one with 'vitrine serve'.");
        if (report.HeldUp is { } heldUp)
            Console.WriteLine($"Work is held up. {heldUp}");
        if (report.Libraries.Count == 0)
            Console.WriteLine("No libraries yet: add one with 'vitrine import FOLDER'.");
        var isWorkedOn = report.Running || report.Workers.Any(worker => !worker.Silent);
        foreach (var library in report.Libraries)
        {
            Console.WriteLine($"{library.LibraryId}  {TerminalText.OneLine(library.Name)}  {TerminalText.OneLine(library.Path)}");
            Console.WriteLine($"    {Describe(library, isWorkedOn)}");
            if (library.Offline is { } offline)
                Console.WriteLine($"    Offline. The folder {TerminalText.OneLine(offline.Reason)}. Nothing is removed, and everything goes on by itself when it is back.");
            if (library.Missing > 0)
                Console.WriteLine(Describe(library.Missing));
        }

        // One machine is the one that answers, and its rate is that of its libraries.
        foreach (var worker in report.Workers.Count > 1 ? report.Workers : [])
            Console.WriteLine(Describe(worker));
    }

    private static string Describe(LibraryItem library, bool isWorkedOn)
    {
        var progress = library.Progress;
        var phase = progress.Status == ProgressStatus.InProgress && !isWorkedOn ? "waits for a server" : ProgressText.PhaseOf(progress);
        return $"{phase}: {progress.Total:N0} files, {progress.Pending:N0} pending, {progress.Indexed:N0} indexed, "
            + $"{progress.Embedding:N0} embedding, {progress.Ready:N0} ready, {progress.Failed:N0} failed, {library.Skipped:N0} skipped"
            + (progress.RatePerSecond > 0 ? $", {progress.RatePerSecond:N0} files/s" : "")
            + (progress.EtaSeconds is { } eta ? $", {ProgressText.Duration(eta)} left" : "");
    }

    /// <summary>Files that are gone and stay in their library.</summary>
    private static string Describe(long missing) => $"    {missing:N0} {(missing == 1 ? "file is" : "files are")} gone. That is more than half of the library, so they stay in it until "
        + "'vitrine import FOLDER --confirm-removal' says that it is right. If the folder comes back, so do they.";

    /// <summary>Its share of the work, over its last heartbeats.</summary>
    private static string Describe(WorkerItem worker)
    {
        var stages = worker.Stages.Count == 0 ? "only serves" : string.Join(", ", worker.Stages).ToLowerInvariant();
        return $"{worker.Host}, process {worker.ProcessId}: {stages}, {worker.RatePerSecond:N1} files/s, {worker.Claims:N0} claims, "
            + $"last heard at {worker.HeartbeatAt:HH:mm:ss}Z{(worker.Silent ? ", silent" : "")}";
    }
}
