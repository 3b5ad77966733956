using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Vitrine.Libraries;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>Phase 1 of one library: the walk on one side, commits in growing batches on the other.</summary>
internal sealed class LibraryScan(
    LibraryStore libraries, BrowseIndex browse, IScanIntake intake, VitrineOptions options, ILogger<LibraryScan> logger)
{
    private const int LargestBatch = 16_384;

    /// <summary>Commits what is found until the walk is over; safe to run again after it was interrupted.</summary>
    /// <exception cref="RootOfflineException">The root is missing, or empty although the library is not.</exception>
    public async Task RunAsync(Library library, long taskGroupId, JobReport report, CancellationToken cancellationToken)
    {
        CheckRoot(library);
        var readers = options.Indexing.ScanReaders > 0 ? options.Indexing.ScanReaders : Environment.ProcessorCount;
        var scan = new FolderScan(library.Path, library.IncludeHidden, readers, LibraryRoot.RealPath(options.DataFolder));
        var session = new ScanSession(library.Id, taskGroupId);
        var found = Channel.CreateBounded<ScannedFiles>(new BoundedChannelOptions(64) { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var walk = scan.RunAsync(found.Writer, stop.Token);
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
        changes += await intake.RemoveVanishedFoldersAsync(session, scan.IsUnread, cancellationToken);
        var skipped = scan.Skipped;
        await libraries.SetSkippedAsync(library.Id, skipped, cancellationToken);
        await libraries.EndScanAsync(library.Id, taskGroupId, cancellationToken);
        report.Say($"{changes.Added:N0} added, {changes.Changed:N0} changed, {changes.Removed:N0} removed, {skipped.Count:N0} skipped");
        logger.LogInformation("Scanned {Path}: {Changes}, {Skipped} skipped", library.Path, changes, skipped.Count);
    }

    private void CheckRoot(Library library)
    {
        if (!Directory.Exists(library.Path))
            throw new RootOfflineException(library.Path, "is not there");
        // What systems leave on an empty disk or mount point does not count.
        if (browse.Count(library.Id) > 0
            && !Directory.EnumerateFileSystemEntries(library.Path).Any(entry => library.IncludeHidden || !HiddenNames.IsHidden(Path.GetFileName(entry))))
            throw new RootOfflineException(library.Path, "is suddenly empty");
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
            limit = Math.Min(limit * 2, LargestBatch);
            report.Say($"{changes.Added:N0} files found");
        }

        return changes;
    }
}
