using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>Phase 1 of one library: walk and take in side by side, then settle what vanished: moved, removed, or kept.</summary>
internal sealed class LibraryScan(
    LibraryStore libraries,
    ProgressBoard progress,
    RootCheck roots,
    ScanIntake intake,
    MovedFiles moves,
    TouchedFiles touched,
    VitrineOptions options,
    ILogger<LibraryScan> logger)
{
    private const int LargestBatch = 16_384;

    /// <summary>Fewer are removed without a question, whatever part of a small library they are.</summary>
    private const int Handful = 10;

    /// <summary>Commits what is found until the walk is over; safe to run again after it was interrupted.</summary>
    /// <param name="confirmed">A person said that files which are gone are to be removed, however many they are.</param>
    /// <exception cref="RootOfflineException">The root is away: nothing was removed.</exception>
    public async Task RunAsync(
        Library library, long taskGroupId, ScanReach reach, bool confirmed, JobReport report, CancellationToken cancellationToken)
    {
        await CheckRootAsync(library, confirmed, cancellationToken);
        var known = progress.SnapshotOrNull(library.Id)?.Counts.Total ?? 0;
        var scan = new FolderScan(library.Path, library.IncludeHidden, options.Indexing.Readers, [.. options.OwnFolders])
        {
            BeforeEachFolder = report.WaitWhilePausedAsync,
        };
        var session = new ScanSession(library.Id, taskGroupId, reach.LeftAlone);
        var changes = await WalkAsync(scan, reach, session, report, cancellationToken);
        changes += await touched.SettleAsync(session, library.Path, report, cancellationToken);
        changes += await intake.BeginReturnedAsync(session, cancellationToken);
        if (reach.Settles)
        {
            intake.GatherVanishedFolders(session, scan.HasLookedAt);
            if (session.Vanished.Count > 0)
                await CheckRootAsync(library, confirmed, cancellationToken); // it may have gone during the walk
            changes += await SettleAsync(library, session, known, reach.IsWhole, confirmed, report, cancellationToken);
        }

        await libraries.SetSkippedAsync(library.Id, scan.Skipped, path => scan.HasLookedAt(path) || scan.HasLookedAt(FolderOf(path)), cancellationToken);
        await libraries.EndScanAsync(library.Id, taskGroupId, cancellationToken);
        var message = Summary(changes, libraries.Skipped(library.Id).Count, session.Vanished.Count);
        report.SayResult(message);
        // Each start scans every library: one in which nothing changed is no news.
        var level = changes == default && session.Vanished.Count == 0 ? LogLevel.Debug : LogLevel.Information;
        logger.Log(level, "Scanned {Path}: {Changes}", library.Path, message);
    }

    private async Task CheckRootAsync(Library library, bool confirmed, CancellationToken cancellationToken)
    {
        var state = roots.Look(library, confirmed);
        if (state.Trouble is not null)
        {
            await libraries.SetOfflineAsync(library.Id, state.Trouble, cancellationToken);
            throw new RootOfflineException(library.Path, state.Trouble);
        }

        if (library.Offline is not null || library.Device != state.Device)
            await libraries.SetOnlineAsync(library.Id, state.Device, cancellationToken);
    }

    private async Task<ScanChanges> WalkAsync(FolderScan scan, ScanReach reach, ScanSession session, JobReport report, CancellationToken cancellationToken)
    {
        var found = Channel.CreateBounded<ScannedFiles>(new BoundedChannelOptions(64) { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var walk = scan.RunAsync(reach, found.Writer, stop.Token);
        var changes = default(ScanChanges);
        try
        {
            changes = await TakeInAsync(session, found.Reader, report, cancellationToken);
        }
        finally
        {
            // When nobody takes in any more, the walk must not wait for room for ever.
            if (!found.Reader.Completion.IsCompleted)
                await stop.CancelAsync();
            await walk.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await walk;
        return changes;
    }

    /// <summary>Takes what waits, up to a limit that starts small, so that the first page is there at once, and grows.</summary>
    private async Task<ScanChanges> TakeInAsync(
        ScanSession session, ChannelReader<ScannedFiles> found, JobReport report, CancellationToken cancellationToken)
    {
        var changes = default(ScanChanges);
        var limit = FolderScan.FirstChunk;
        while (await found.WaitToReadAsync(cancellationToken))
        {
            var batch = new List<ScannedFiles>();
            var files = 0;
            while (files < limit && found.TryPeek(out var next) && (batch.Count == 0 || files + next.Files.Count <= limit))
            {
                found.TryRead(out _);
                batch.Add(next);
                files += next.Files.Count;
            }

            if (files > limit)
            {
                // One chunk that is larger than the limit: its first part is committed at once.
                var whole = batch[0];
                batch[0] = whole with { Files = [.. whole.Files.Take(limit)], IsLast = false };
                changes += await intake.TakeInAsync(session, batch, cancellationToken);
                batch[0] = whole with { Files = [.. whole.Files.Skip(limit)] };
            }

            changes += await intake.TakeInAsync(session, batch, cancellationToken);
            if (files > 0) // a folder of folders is not the first page
                limit = Math.Min(limit * 2, LargestBatch);
            report.Say($"{changes.Added:N0} files found");
        }

        return changes;
    }

    /// <summary>Leaves in the session what is missing and waits for a person.</summary>
    private async Task<ScanChanges> SettleAsync(
        Library library, ScanSession session, long known, bool isWhole, bool confirmed, JobReport report, CancellationToken cancellationToken)
    {
        var moved = await moves.FindAsync(session, library.Path, report, cancellationToken);
        var changes = await intake.MoveAsync(session, moved, cancellationToken);
        foreach (var file in moved)
            session.Vanished.Remove(file.AssetId);
        var missing = session.Vanished.Count;
        if (confirmed || missing <= Handful || missing * 2 <= known)
        {
            changes += await intake.RemoveVanishedAsync(session, cancellationToken);
            session.Vanished.Clear();
        }

        if (library.Missing != session.Vanished.Count && (isWhole || session.Vanished.Count > 0))
            await libraries.SetMissingAsync(library.Id, session.Vanished.Count, cancellationToken);
        await intake.EndSettlingAsync(session, cancellationToken);
        return changes;
    }

    private static string Summary(ScanChanges changes, int skipped, int missing)
    {
        var summary = $"{Math.Max(0, changes.Added):N0} added, {changes.Changed:N0} changed, {changes.Moved:N0} moved, {changes.Removed:N0} removed, {skipped:N0} skipped";
        return missing == 0 ? summary : $"{summary}; {missing:N0} are gone and wait until somebody confirms their removal";
    }

    private static string FolderOf(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "";
}
