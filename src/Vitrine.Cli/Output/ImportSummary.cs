using Vitrine.Cli.Progress;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Output;

/// <summary>What an import or a retry did.</summary>
/// <param name="Total">Files that this work was about; of a known library only new, changed and unfinished ones.</param>
/// <param name="FilesPerSecond">Finished files over the whole time.</param>
/// <param name="Failures">All failed files of the library.</param>
/// <param name="SkippedPaths">What the last scan did not take in.</param>
/// <param name="Missing">Files that are gone and stay until somebody confirms their removal.</param>
internal sealed record ImportSummary(
    string Server,
    string LibraryId,
    string TaskGroupId,
    string Name,
    string Path,
    ProgressStatus Status,
    long Total,
    long Ready,
    long Failed,
    double Seconds,
    double FilesPerSecond,
    IReadOnlyList<FailureItem> Failures,
    IReadOnlyList<SkippedPath> SkippedPaths,
    long Missing)
{
    public static ImportSummary Of(string server, AddedLibrary library, ProgressItem final, double seconds, FailurePage failures, long missing) => new(
        server, library.LibraryId, final.TaskGroupId, library.Name, library.Path, final.Status, final.Total, final.Ready, final.Failed,
        Math.Round(seconds, 3), Math.Round((final.Ready + final.Failed) / seconds, 1), failures.Items, failures.Skipped, missing);

    /// <summary>Of work that goes on in the server.</summary>
    public static ImportSummary Started(string server, AddedLibrary library, string taskGroupId) => new(
        server, library.LibraryId, taskGroupId, library.Name, library.Path, ProgressStatus.InProgress, 0, 0, 0, 0, 0, [], [], 0);

    /// <param name="json">As the one document, or for a person.</param>
    /// <param name="known">How many files the library has now.</param>
    public void Print(bool json, long known)
    {
        if (json)
        {
            CliJson.Print(this, CliJson.Writable.ImportSummary);
            return;
        }

        if (Status == ProgressStatus.InProgress)
        {
            Console.WriteLine($"{Server} goes on importing {TerminalText.OneLine(Path)} as '{TerminalText.OneLine(Name)}'. 'vitrine status' tells how far it is.");
            return;
        }

        var verb = Status == ProgressStatus.Cancelled ? "Cancelled" : "Done";
        var (path, name) = (TerminalText.OneLine(Path), TerminalText.OneLine(Name));
        Console.WriteLine(known == 0
            ? $"No pictures or models in {path} ('{name}')."
            : Total == 0
            ? $"{verb}: nothing new in {path} ('{name}'), {ProgressText.Duration(Seconds)}."
            : $"{verb}: {path} as '{name}', {Total:N0} files in {ProgressText.Duration(Seconds)} ({FilesPerSecond:N0} files/s): {Ready:N0} ready, {Failed:N0} failed.");
        FailureText.Print(Failures, SkippedPaths);
    }
}
