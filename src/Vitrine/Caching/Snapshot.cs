using System.Diagnostics;

namespace Vitrine.Caching;

/// <summary>
/// An immutable value that readers get without a lock, and that is replaced in one step: by a rebuild made aside, or by a patch.
/// Every replacement has a number, and is announced after it was made.
/// </summary>
/// <param name="name">In figures and announcements.</param>
/// <param name="libraryId">Whose announcement it is; null for everybody's.</param>
/// <param name="build">Makes the next value from the one before, null at first; runs aside, never twice at the same time. The same value means that nothing changed.</param>
/// <param name="size">Entries in a value, for the figures.</param>
/// <param name="upkeep">Where rebuilds run and who is told.</param>
/// <remarks>Thread-safe. Only the very first readers wait: they share one build.</remarks>
public sealed class Snapshot<T>(string name, long? libraryId, Func<T?, T> build, Func<T, long> size, SnapshotUpkeep upkeep)
    where T : class
{
    /// <summary>How long a first reader waits for the build that another began.</summary>
    internal TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(5);

    private readonly ReloadGate _gate = new();
    private readonly Lock _building = new();
    private readonly Lock _swapping = new();
    private readonly List<Func<T, T>> _patches = [];
    private volatile Built? _current;
    private bool _isBuilding;
    private volatile bool _isFirst;
    private volatile bool _failed;
    private long _hits;
    private long _misses;
    private long _lastRead = -1;
    private LastBuild? _last;

    public string Name => name;

    /// <summary>A time stamp of the upkeep's clock, for choosing what to drop; -1 before the first read.</summary>
    public long LastRead => Interlocked.Read(ref _lastRead);

    /// <summary>The value now, without counting as a read; null before the first build.</summary>
    public T? CurrentOrNull => _current?.Value;

    /// <summary>Whether the first build runs, so that there is nothing to read yet.</summary>
    public bool IsFirstLoading => _isFirst && _current is null;

    public SnapshotStatistics Statistics
    {
        get
        {
            var (built, last) = (_current, Volatile.Read(ref _last));
            return new SnapshotStatistics(
                name, built is null ? 0 : size(built.Value), built?.Generation ?? 0, Interlocked.Read(ref _hits), Interlocked.Read(ref _misses),
                _gate.IsBusy || IsFirstLoading, last?.At, last?.Took ?? default);
        }
    }

    /// <summary>The value now; the first readers wait for it.</summary>
    /// <exception cref="SnapshotLoadingException">The first build runs and takes long.</exception>
    public T Read()
    {
        Interlocked.Exchange(ref _lastRead, upkeep.Time.GetTimestamp());
        if (_current is not { } built)
            return ReadFirst();
        Interlocked.Increment(ref _hits);
        if (_failed)
            Reload(); // what could not be brought up to date is tried again when somebody reads
        return built.Value;
    }

    /// <summary>
    /// Asks for a rebuild aside. Asked for while one runs, exactly one more runs afterwards. Nothing happens before the first read.
    /// </summary>
    public void Reload()
    {
        if ((_current is not null || _isFirst) && _gate.Ask())
            upkeep.Rebuilder.Ask(Rebuild);
    }

    /// <summary>
    /// Replaces the value at once, on this thread: for changes that cost little. A build that runs meanwhile gets the patch too, so it must
    /// be true whether the build has seen the change or not. Nothing happens before the first read.
    /// </summary>
    /// <param name="change">The next value; the same one when there is nothing to change.</param>
    public void Patch(Func<T, T> change)
    {
        Built? next = null;
        lock (_swapping)
        {
            if (_isBuilding)
                _patches.Add(change);
            if (_current is { } built)
                next = Swap(change(built.Value));
        }

        Tell(next);
    }

    private T ReadFirst()
    {
        Interlocked.Increment(ref _misses);
        _isFirst = true;
        if (!_building.TryEnter(FirstWait))
            throw new SnapshotLoadingException(name);
        try
        {
            if (_current is null)
                Build();
            return _current!.Value;
        }
        finally
        {
            _building.Exit();
        }
    }

    private void Rebuild()
    {
        lock (_building)
        {
            _gate.Begin();
            try
            {
                if (_current is not null) // a first build that failed is the next reader's
                    Build();
            }
            finally
            {
                if (_gate.End())
                    upkeep.Rebuilder.Ask(Rebuild);
            }
        }
    }

    private void Build()
    {
        lock (_swapping)
        {
            _isBuilding = true;
            _patches.Clear();
        }

        var started = Stopwatch.GetTimestamp();
        Built? next = null;
        try
        {
            var value = build(_current?.Value);
            lock (_swapping)
            {
                foreach (var patch in _patches)
                    value = patch(value);
                next = Swap(value);
            }

            _failed = false;
        }
        catch
        {
            _failed = true;
            throw;
        }
        finally
        {
            lock (_swapping)
            {
                _isBuilding = false;
                _patches.Clear();
            }

            Volatile.Write(ref _last, new LastBuild(upkeep.Time.GetUtcNow(), Stopwatch.GetElapsedTime(started)));
        }

        Tell(next);
    }

    /// <summary>Null when there is nothing to swap.</summary>
    private Built? Swap(T value) =>
        _current is { } built && ReferenceEquals(built.Value, value) ? null : _current = new Built(value, (_current?.Generation ?? 0) + 1);

    /// <summary>Swap first, then announce: who hears of it finds it true.</summary>
    private void Tell(Built? next)
    {
        if (next is not null)
            upkeep.Announcements.Announce(new Announcement.CacheChanged(name, libraryId, next.Generation));
    }

    private sealed record Built(T Value, long Generation);

    private sealed record LastBuild(DateTimeOffset At, TimeSpan Took);
}
