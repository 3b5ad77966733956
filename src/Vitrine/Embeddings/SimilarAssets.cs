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
    private readonly ConcurrentDictionary<long, Lazy<Task<VectorIndex>>> _indexes = new();

    public SimilarAssets(EmbeddingStore store, Announcements announcements)
    {
        _store = store;
        _subscription = announcements.Subscribe(Hear);
    }

    public EmbeddingSpace Space => _store.Space;

    /// <summary>Vectors in memory, over all libraries.</summary>
    public int Loaded => _indexes.Values.Sum(index => LoadedOrNull(index)?.Count ?? 0);

    /// <summary>The assets nearest to one, nearest first, without itself; and how many vectors were compared.</summary>
    /// <returns>No neighbours when the asset has no vector yet.</returns>
    public async Task<(IReadOnlyList<Neighbour> Neighbours, int Compared)> FindAsync(long libraryId, long assetId, int count)
    {
        var index = await _indexes.GetOrAdd(libraryId, id => new Lazy<Task<VectorIndex>>(() => Task.Run(() => Load(id)))).Value;
        return _store.FindOrNull(assetId) is { } vector
            ? (index.Nearest(vector, count, id => id != assetId), index.Count)
            : ([], index.Count);
    }

    /// <summary>Tells of vectors that have just been committed.</summary>
    public void Add(long libraryId, ReadOnlySpan<long> assetIds, ReadOnlySpan<float> vectors)
    {
        if (!_indexes.TryGetValue(libraryId, out var lazy))
            return;
        if (LoadedOrNull(lazy) is { } index)
            index.Set(assetIds, vectors);
        else
            _indexes.TryRemove(libraryId, out _); // it may have been read before this commit: the next question reads again
    }

    public void Dispose() => _subscription.Dispose();

    private static VectorIndex? LoadedOrNull(Lazy<Task<VectorIndex>> lazy) =>
        lazy is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } } ? lazy.Value.GetAwaiter().GetResult() : null;

    private VectorIndex Load(long libraryId)
    {
        var index = new VectorIndex(_store.Space);
        _store.Load(libraryId, index);
        return index;
    }

    private void Hear(Announcement announcement)
    {
        switch (announcement)
        {
            case Announcement.AssetsRemoved removed when _indexes.TryGetValue(removed.LibraryId, out var lazy):
                LoadedOrNull(lazy)?.Remove([.. removed.AssetIds]);
                break;
            case Announcement.LibraryForgotten forgotten:
                _indexes.TryRemove(forgotten.LibraryId, out _);
                break;
        }
    }
}
