using System.Collections.Concurrent;
using Vitrine.Caching;

namespace Vitrine.Embeddings;

/// <summary>
/// Exact nearest neighbours within a library. The vectors of a library are read into memory at the first question about it
/// (2 bytes per dimension and asset), once for all who ask meanwhile, and kept true from then on.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class SimilarAssets : IDisposable
{
    /// <summary>A question waits so long for the vectors; then it is answered from those that are there.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly EmbeddingStore _store;
    private readonly TimeProvider _time;
    private readonly Announcements _announcements;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<long, LibraryVectors> _libraries = new();

    public SimilarAssets(EmbeddingStore store, Announcements announcements, TimeProvider time)
    {
        (_store, _announcements, _time) = (store, announcements, time);
        _subscription = announcements.Subscribe(Hear);
    }

    public EmbeddingSpace Space => _store.Space;

    /// <summary>Vectors in memory, over all libraries.</summary>
    public int Loaded => _libraries.Values.Sum(library => library.Index.Count);

    /// <summary>The figures of each library's vectors, by name.</summary>
    public IReadOnlyList<SnapshotStatistics> Statistics =>
        [.. _libraries.Values.Select(library => library.Statistics).OrderBy(statistics => statistics.Name, StringComparer.Ordinal)];

    /// <summary>Libraries whose vectors are being read now, and how many were so far.</summary>
    public IReadOnlyList<(long LibraryId, int SoFar)> Loading =>
        [.. _libraries.Where(library => library.Value.Load.State == LoadState.Loading).Select(library => (library.Key, library.Value.Index.Count))];

    /// <summary>Libraries whose vectors could not be read, and why; the next question about one tries again.</summary>
    public IReadOnlyList<(long LibraryId, string Reason)> Failed =>
        [.. _libraries.Where(library => library.Value.Load.State == LoadState.Failed).Select(library => (library.Key, library.Value.Load.FailureOrNull ?? "unknown"))];

    /// <summary>
    /// The assets nearest to one, nearest first, without itself; and how many vectors were compared: not all, where they are still being read
    /// after a moment of waiting.
    /// </summary>
    /// <returns>No neighbours when the asset has no vector yet.</returns>
    /// <exception cref="Storage.DatabaseUnavailableException">The vectors cannot be read; the next question tries again.</exception>
    public async Task<(IReadOnlyList<Neighbour> Neighbours, int Compared)> FindAsync(
        long libraryId, long assetId, int count, CancellationToken cancellationToken)
    {
        var library = _libraries.GetOrAdd(libraryId, static (id, similar) => new LibraryVectors(id, similar._store, similar._time), this);
        library.Count();
        try
        {
            await library.Load.GetAsync(cancellationToken).WaitAsync(s_patience, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // what has been read so far is searched, and the answer says how much that is
        }

        var index = library.Index;
        return _store.FindOrNull(assetId) is { } vector
            ? (index.Nearest(vector, count, id => id != assetId), index.Count)
            : ([], index.Count);
    }

    /// <summary>Tells of vectors that have just been committed, here and in every other process.</summary>
    public void Add(long libraryId, ReadOnlySpan<long> assetIds, ReadOnlySpan<float> vectors)
    {
        var ids = assetIds.ToArray();
        if (_libraries.TryGetValue(libraryId, out var library))
        {
            var values = vectors.ToArray();
            library.Change(index => index.Set(ids, values));
        }

        _announcements.Announce(new Announcement.VectorsChanged(libraryId, ids, AreLoaded: true));
    }

    public void Dispose() => _subscription.Dispose();

    private void Hear(Announcement announcement)
    {
        switch (announcement)
        {
            case Announcement.AssetsRemoved removed when _libraries.TryGetValue(removed.LibraryId, out var library):
                library.Change(index => index.Remove([.. removed.AssetIds]));
                break;
            case Announcement.VectorsChanged { AreLoaded: false } embedded when _libraries.TryGetValue(embedded.LibraryId, out var library):
                var ids = embedded.AssetIds;
                library.Change(index => _store.Load(ids, index));
                break;
            case Announcement.LibraryReloaded reloaded:
                _libraries.TryRemove(reloaded.LibraryId, out _); // read again at the next question
                break;
            case Announcement.LibraryForgotten forgotten:
                _libraries.TryRemove(forgotten.LibraryId, out _);
                break;
        }
    }
}
