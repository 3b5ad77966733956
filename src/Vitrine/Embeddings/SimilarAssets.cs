using System.Collections.Concurrent;
using Vitrine.Caching;

namespace Vitrine.Embeddings;

/// <summary>
/// Exact nearest neighbours within a library. The vectors of a library are read into memory at the first question about it
/// (2 bytes per dimension and asset), and kept true from then on.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class SimilarAssets : IDisposable
{
    private readonly EmbeddingStore _store;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<long, Loading> _indexes = new();

    public SimilarAssets(EmbeddingStore store, Announcements announcements)
    {
        _store = store;
        _subscription = announcements.Subscribe(Hear);
    }

    public EmbeddingSpace Space => _store.Space;

    /// <summary>Vectors in memory, over all libraries.</summary>
    public int Loaded => _indexes.Values.Sum(loading => loading.Index.Count);

    /// <summary>The assets nearest to one, nearest first, without itself; and how many vectors were compared.</summary>
    /// <returns>No neighbours when the asset has no vector yet.</returns>
    public async Task<(IReadOnlyList<Neighbour> Neighbours, int Compared)> FindAsync(long libraryId, long assetId, int count)
    {
        var loading = _indexes.GetOrAdd(libraryId, id => new Loading(_store, id));
        await loading.Done;
        var index = loading.Index;
        return _store.FindOrNull(assetId) is { } vector
            ? (index.Nearest(vector, count, id => id != assetId), index.Count)
            : ([], index.Count);
    }

    /// <summary>Tells of vectors that have just been committed.</summary>
    public void Add(long libraryId, ReadOnlySpan<long> assetIds, ReadOnlySpan<float> vectors)
    {
        if (!_indexes.TryGetValue(libraryId, out var loading))
            return;
        if (loading.Done.IsCompletedSuccessfully)
            loading.Index.Set(assetIds, vectors);
        else
            _indexes.TryRemove(libraryId, out _); // it may have been read before this commit: the next question reads again
    }

    public void Dispose() => _subscription.Dispose();

    private void Hear(Announcement announcement)
    {
        switch (announcement)
        {
            case Announcement.AssetsRemoved removed when _indexes.TryGetValue(removed.LibraryId, out var loading):
                loading.Index.Remove([.. removed.AssetIds]);
                break;
            case Announcement.LibraryForgotten forgotten:
                _indexes.TryRemove(forgotten.LibraryId, out _);
                break;
        }
    }

    /// <summary>An index that is being filled, once for all who ask meanwhile.</summary>
    private sealed class Loading
    {
        private readonly Lazy<Task> _done;

        public Loading(EmbeddingStore store, long libraryId)
        {
            Index = new VectorIndex(store.Space);
            _done = new Lazy<Task>(() => Task.Run(() => store.Load(libraryId, Index)));
        }

        public VectorIndex Index { get; }

        public Task Done => _done.Value;
    }
}
