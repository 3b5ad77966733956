using System.Diagnostics;
using Vitrine.Caching;

namespace Vitrine.Embeddings;

/// <summary>The vectors of one library, read once for all who need them first.</summary>
/// <remarks>Thread-safe. May be searched while it is being read.</remarks>
internal sealed class LibraryVectors
{
    private readonly long _libraryId;
    private readonly EmbeddingStore _store;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();

    /// <summary>What changed while the rows are read: they may show it or not, so it is done again afterwards. Null at other times.</summary>
    private List<Action<VectorIndex>>? _meanwhile;
    private long _hits;
    private long _misses;
    private DateTimeOffset? _loadedAt;
    private TimeSpan _took;

    public LibraryVectors(long libraryId, EmbeddingStore store, TimeProvider time)
    {
        (_libraryId, _store, _time) = (libraryId, store, time);
        Index = new VectorIndex(store.Space);
        Load = new SharedLoad<VectorIndex>(Read);
    }

    public VectorIndex Index { get; }

    public SharedLoad<VectorIndex> Load { get; }

    public SnapshotStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new SnapshotStatistics(
                    $"similarity {_libraryId}", Index.Count, _loadedAt is null ? 0 : 1, _hits, _misses, Load.State == LoadState.Loading, _loadedAt, _took);
            }
        }
    }

    /// <summary>Counts a question.</summary>
    public void Count() => Interlocked.Increment(ref Load.State == LoadState.Loaded ? ref _hits : ref _misses);

    /// <summary>Makes a change that has been committed; it must do no harm to make it twice.</summary>
    public void Change(Action<VectorIndex> change)
    {
        lock (_gate)
        {
            _meanwhile?.Add(change);
            change(Index);
        }
    }

    private VectorIndex Read()
    {
        var started = Stopwatch.GetTimestamp();
        lock (_gate)
            _meanwhile = [];
        try
        {
            _store.Load(_libraryId, Index);
            lock (_gate)
            {
                foreach (var change in _meanwhile)
                    change(Index);
                (_loadedAt, _took) = (_time.GetUtcNow(), Stopwatch.GetElapsedTime(started));
            }

            return Index;
        }
        finally
        {
            lock (_gate)
                _meanwhile = null;
        }
    }
}
