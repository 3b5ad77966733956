using System.Collections.Immutable;

namespace Vitrine.Indexing.Watching;

/// <summary>
/// Changes in, folders to scan out: waits until a library is quiet and its touched files are stable. While changes keep coming for long,
/// what is stable is taken in now and then, but nothing is settled: the other end of a move may still come.
/// </summary>
/// <remarks>Pure: knows neither clock nor disk. Times are since any fixed moment and never fall. Not thread-safe.</remarks>
internal sealed class TouchedFolders(WatchTiming timing)
{
    /// <summary>More files at once are not looked at one by one: who still writes to one of them will be heard again.</summary>
    private const int MostFiles = 4096;

    /// <summary>Where something never rests, what vanished elsewhere is settled all the same, when the patience has doubled so often.</summary>
    private const int MostDoublings = 4;

    private readonly Dictionary<string, TouchedFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _folders = new(StringComparer.Ordinal); // to be looked at; true with all that is below
    private readonly Dictionary<string, bool> _unsettled = new(StringComparer.Ordinal); // looked at, but what vanished from them was let be
    private TimeSpan _lastTouch;
    private TimeSpan _waitingSince;
    private TimeSpan _patience = timing.Patience;

    /// <summary>When there is something to do next, as far as is known now; null while nothing was touched.</summary>
    public TimeSpan? NextAt
    {
        get
        {
            var next = TimeSpan.MaxValue;
            foreach (var file in _files.Values)
                next = Min(next, file.LookAt(timing));
            if (_folders.Count + _unsettled.Count > 0)
                next = Min(next, SettlesAt);
            if (_folders.Count > 0)
                next = Min(next, _waitingSince + _patience);
            return next == TimeSpan.MaxValue ? null : next;
        }
    }

    /// <summary>It is quiet, and those files that could be stable by now are: one that never becomes so holds nobody up.</summary>
    private TimeSpan SettlesAt => _lastTouch + timing.Quiet + (_files.Count == 0 ? TimeSpan.Zero : timing.Stable * 2);

    /// <summary>Takes a change in.</summary>
    public void Touch(WatchedChange change, TimeSpan now)
    {
        _lastTouch = now;
        switch (change.Kind)
        {
            case WatchedChangeKind.File when _files.ContainsKey(change.Path) || _files.Count < MostFiles:
                _files[change.Path] = new TouchedFile(now);
                break;
            case WatchedChangeKind.File:
                Add(FolderOf(change.Path), isDeep: false, now);
                break;
            case WatchedChangeKind.Folder or WatchedChangeKind.Gone:
                Add(change.Path, isDeep: true, now);
                break;
            case WatchedChangeKind.Everything:
                Add("", isDeep: true, now);
                break;
        }
    }

    /// <summary>Files whose size and time are to be looked at now.</summary>
    public IReadOnlyList<string> ToLookAt(TimeSpan now) => [.. _files.Where(file => file.Value.LookAt(timing) <= now).Select(file => file.Key)];

    /// <summary>What a look at a file showed.</summary>
    /// <param name="stamp">Null for a file that is gone.</param>
    public void Saw(string file, FileStamp? stamp, TimeSpan now)
    {
        if (!_files.TryGetValue(file, out var touched))
            return;
        if (!touched.IsSame(stamp))
        {
            _files[file] = touched with { Stamp = stamp, SameSince = now, LookedAt = now };
        }
        else if (now - touched.SameSince >= timing.Stable)
        {
            _files.Remove(file);
            Add(FolderOf(file), isDeep: false, now);
        }
        else
        {
            _files[file] = touched with { LookedAt = now };
        }
    }

    /// <summary>What is to be scanned now; null for nothing.</summary>
    public ScanReach? TakeOrNull(TimeSpan now)
    {
        var isQuiet = now >= SettlesAt;
        if (isQuiet ? _folders.Count + _unsettled.Count == 0 : _folders.Count == 0 || now < _waitingSince + _patience)
            return null;
        var settles = isQuiet || _patience >= timing.Patience * (1 << MostDoublings);
        foreach (var (folder, isDeep) in _folders)
            _unsettled[folder] = isDeep || _unsettled.GetValueOrDefault(folder);
        var folders = settles ? _unsettled : _folders;
        var reach = new ScanReach(
            folders.GetValueOrDefault("") ? null : folders.ToImmutableSortedDictionary(StringComparer.Ordinal), [.. _files.Keys], settles);
        _folders.Clear();
        _patience = settles ? timing.Patience : _patience * 2;
        if (settles)
            _unsettled.Clear();
        return reach;
    }

    private void Add(string folder, bool isDeep, TimeSpan now)
    {
        if (_folders.Count == 0)
            _waitingSince = now;
        _folders[folder] = isDeep || _folders.GetValueOrDefault(folder);
    }

    private static string FolderOf(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "";

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    /// <param name="SameSince">Null until it was looked at.</param>
    private readonly record struct TouchedFile(TimeSpan TouchedAt, FileStamp? Stamp = null, TimeSpan? SameSince = null, TimeSpan LookedAt = default)
    {
        public TimeSpan LookAt(WatchTiming timing) => SameSince is null ? TouchedAt + timing.Quiet : LookedAt + timing.Stable;

        public bool IsSame(FileStamp? stamp) => SameSince is not null && Stamp == stamp;
    }
}
