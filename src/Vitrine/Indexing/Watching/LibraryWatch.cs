using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Vitrine.Libraries;
using Vitrine.Work;

namespace Vitrine.Indexing.Watching;

/// <summary>Follows one library: watches it, scans it once for what was missed before, then what is touched, as it is touched.</summary>
internal sealed class LibraryWatch(
    Library library,
    IFolderWatcher watcher,
    LibraryStore libraries,
    LibraryScans scans,
    FollowedLibraries followed,
    WatchOptions options,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Changes that wait while a scan runs. Of more only this is kept, that they were.</summary>
    private const int MostWaiting = 65_536;

    /// <summary>So many times as long as a scan of everything took, none is begun by itself.</summary>
    private const int RestAfterScan = 10;

    private readonly TouchedFolders _touched = new(WatchTiming.Usual);
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _rescanAt = options.AuditInterval;

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
            HashSet<string>? folders = null; // asked for once for all that happened together
            while (changes.Reader.TryRead(out var happened))
                Array.ForEach(happened, change => Note(IsGoneFolder(change, ref folders) ? change with { Kind = WatchedChangeKind.Gone } : change, now));
            if (Interlocked.Exchange(ref missed, 0) == 1)
                Note(new WatchedChange(WatchedChangeKind.Everything), now);
            foreach (var file in _touched.ToLookAt(now))
                _touched.Saw(file, FileStamp.OfOrNull(Path.Join(library.Path, file)), now);
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

        _rescanAt = TimeSpan.FromTicks(Math.Min(_rescanAt.Ticks, (now + options.RescanInterval).Ticks));
        if (followed.Of(library.Id).Mode != FollowMode.Timed)
            followed.Set(library.Id, FollowMode.Timed, change.Note);
        if (followed.IsNews(library.Id, change.Note))
            logger.LogWarning("{Path} cannot be watched as a whole, and is scanned every {Interval} instead. {Note}", library.Path, options.RescanInterval, change.Note);
    }

    /// <summary>A folder may be named like a picture: its end looks like a picture's.</summary>
    private bool IsGoneFolder(WatchedChange change, ref HashSet<string>? folders)
    {
        if (change.Kind != WatchedChangeKind.File || Path.Exists(Path.Join(library.Path, change.Path)))
            return false;
        folders ??= libraries.Folders(library.Id).SelectMany(WatchedPlace.NamedLikeFiles).ToHashSet(StringComparer.Ordinal);
        return folders.Contains(change.Path);
    }

    private ScanReach? RescanOrNull() => Now < _rescanAt ? null : ScanReach.Whole;

    private async Task<bool> ScanAsync(ScanReach reach, CancellationToken cancellationToken)
    {
        var begun = Now;
        var status = await scans.FollowAsync(library.Id, reach, cancellationToken);
        if (reach.IsWhole)
        {
            var interval = followed.Of(library.Id).Mode == FollowMode.Timed ? options.RescanInterval : options.AuditInterval;
            var rest = (Now - begun) * RestAfterScan; // a large library on a slow drive is not scanned without end
            _rescanAt = Now + (interval > rest ? interval : rest);
        }

        // What a person cancelled is not begun again by itself.
        return status is JobStatus.Completed or JobStatus.Cancelled;
    }

    private async Task WaitAsync(Task heard, CancellationToken cancellationToken)
    {
        var at = _touched.NextAt is { } next && next < _rescanAt ? next : _rescanAt;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var wait = at > Now ? at - Now : TimeSpan.Zero;
        await Task.WhenAny(heard, Task.Delay(wait, time, stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
