using System.Diagnostics;

namespace Vitrine.Caching;

/// <summary>
/// A value that is built from the database and swapped whole. Readers never wait for a rebuild: they get the value before,
/// except the very first ones, which share one build.
/// </summary>
/// <param name="name">For the statistics.</param>
/// <param name="build">Builds a new value; runs aside, never twice at the same time.</param>
/// <param name="size">Entries in a value, for the statistics.</param>
public sealed class Snapshot<T>(string name, Func<T> build, Func<T, long> size)
    where T : notnull
{
    private readonly Lock _building = new();
    private volatile Built? _current;
    private int _stale;
    private long _hits;
    private long _lastRead;
    private TimeSpan _lastBuild;

    /// <summary>A clock that only grows, for choosing what to drop.</summary>
    internal long LastRead => Interlocked.Read(ref _lastRead);

    public SnapshotStatistics Statistics => new(
        name, _current is { } built ? size(built.Value) : 0, _current?.Generation ?? 0, Interlocked.Read(ref _hits), _stale != 0, _lastBuild);

    /// <summary>The value now; asks for a rebuild where something changed since.</summary>
    public T Read(SnapshotRebuilder rebuilder)
    {
        Interlocked.Exchange(ref _lastRead, Stopwatch.GetTimestamp());
        Interlocked.Increment(ref _hits);
        if (_current is not { } built)
            return Build(onlyFirst: true);
        if (Interlocked.CompareExchange(ref _stale, 2, 1) == 1)
            rebuilder.Ask(() => Build(onlyFirst: false));
        return built.Value;
    }

    /// <summary>Something it was built from changed: the next reader asks for a rebuild.</summary>
    public void MarkStale() => Interlocked.Exchange(ref _stale, 1);

    private T Build(bool onlyFirst)
    {
        lock (_building)
        {
            // Asked for again while another rebuild waited or ran: when that one was later than the change, nothing is left to do.
            if (_current is { } built && (onlyFirst || Volatile.Read(ref _stale) == 0))
                return built.Value;
            var started = Stopwatch.GetTimestamp();
            Interlocked.Exchange(ref _stale, 0); // a change during the build marks it again
            var next = new Built(BuildOrMarkStale(), (_current?.Generation ?? 0) + 1);
            _lastBuild = Stopwatch.GetElapsedTime(started);
            _current = next;
            return next.Value;
        }
    }

    /// <summary>A rebuild that fails has brought nothing up to date: the next reader asks again.</summary>
    private T BuildOrMarkStale()
    {
        try
        {
            return build();
        }
        catch
        {
            MarkStale();
            throw;
        }
    }

    private sealed record Built(T Value, long Generation);
}
