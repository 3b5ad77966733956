using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Vitrine.Libraries;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Indexing.Watching;

/// <summary>Follows one library: watches it, scans it once for what was missed before, then what is touched, as it is touched.</summary>
internal sealed class LibraryWatch(
    Library library,
    IFolderWatcher watcher,
    LibraryScans scans,
    FollowedLibraries followed,
    WatchOptions options,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Changes that wait while a scan runs. Of more only this is kept, that they were.</summary>
    private const int MostWaiting = 65_536;

    private readonly TouchedFolders _touched = new(WatchTiming.Usual);
    private readonly long _start = time.GetTimestamp();
    private TimeSpan? _rescanAt;

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Until it is cancelled, or a scan fails: then it is to be begun anew, after a while.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Arming reads every folder: beside a first scan it takes 100,000 files a quarter longer to be listed. What is missed so is found
        // by the scan below.
        await scans.WhenWalkedAsync(library.Id, cancellationToken);
        var missed = 0;
        var changes = Channel.CreateBounded<WatchedChange[]>(
            new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite },
            _ => Interlocked.Exchange(ref missed, 1));
        using var watch = watcher.Watch(library, changes.Writer);
        followed.Set(library.Id, FollowMode.Live);
        var next = ScanReach.Whole;
        Task? heard = null;
        while (next is null || await ScanAsync(next, cancellationToken))
        {
            TakeIn(Now);
            next = _touched.TakeOrNull(Now) ?? RescanOrNull();
            if (next is not null)
                continue;
            heard = heard is null or { IsCompleted: true } ? changes.Reader.WaitToReadAsync(cancellationToken).AsTask() : heard;
            await WaitAsync(heard, cancellationToken);
        }

        // At one time: the two ends of a move that are taken in together settle together, however slowly this thread goes on.
        void TakeIn(TimeSpan now)
        {
            while (changes.Reader.TryRead(out var happened))
                Array.ForEach(happened, change => Note(change, now));
            if (Interlocked.Exchange(ref missed, 0) == 1)
                Note(new WatchedChange(WatchedChangeKind.Everything), now);
            foreach (var file in _touched.ToLookAt(now))
                _touched.Saw(file, StampOrNull(file), now);
        }
    }

    /// <summary>For a library that came back and is not watched.</summary>
    public Task ScanOnceAsync(CancellationToken cancellationToken) => ScanAsync(ScanReach.Whole, cancellationToken);

    private void Note(WatchedChange change, TimeSpan now)
    {
        if (change.Kind != WatchedChangeKind.Blind)
        {
            _touched.Touch(change, now);
            return;
        }

        _rescanAt ??= now + options.RescanInterval;
        if (followed.Of(library.Id).Mode != FollowMode.Timed)
            followed.Set(library.Id, FollowMode.Timed, change.Note);
        if (followed.IsNews(library.Id, change.Note))
            logger.LogWarning("{Path} cannot be watched as a whole, and is scanned every {Interval} instead. {Note}", library.Path, options.RescanInterval, change.Note);
    }

    private ScanReach? RescanOrNull()
    {
        if (_rescanAt is not { } due || Now < due)
            return null;
        _rescanAt = Now + options.RescanInterval;
        return ScanReach.Whole;
    }

    private async Task<bool> ScanAsync(ScanReach reach, CancellationToken cancellationToken) =>
        // What a person cancelled is not begun again by itself.
        await scans.FollowAsync(library.Id, reach, cancellationToken) is JobStatus.Completed or JobStatus.Cancelled;

    private async Task WaitAsync(Task heard, CancellationToken cancellationToken)
    {
        var due = Earlier(_touched.NextAt, _rescanAt);
        if (due is not { } at)
        {
            await heard;
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var wait = at > Now ? at - Now : TimeSpan.Zero;
        await Task.WhenAny(heard, Task.Delay(wait, time, stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private FileStamp? StampOrNull(string file)
    {
        var path = Path.Join(library.Path, file);
        return new FileInfo(path) is { Exists: true } found ? new FileStamp(found.Length, StoredTime.ToStored(found.LastWriteTimeUtc)) : null;
    }

    private static TimeSpan? Earlier(TimeSpan? left, TimeSpan? right) => left is { } first && right is { } second ? (first < second ? first : second) : left ?? right;
}
