using System.Collections.Concurrent;
using Vitrine.Caching;

namespace Vitrine.Embeddings;

/// <summary>
/// Exact nearest neighbours. The vectors of a library are read into memory at the first question about it (2 bytes per dimension and
/// asset), once for all who ask meanwhile, and kept true from then on.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class ExactVectorSearch : IVectorSearch
{
    /// <summary>A question waits so long for the vectors; then it is answered from those that are there.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly EmbeddingStore _store;
    private readonly TimeProvider _time;
    private readonly Announcements _announcements;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<long, LibraryVectors> _libraries = new();
    private readonly string _because;

    /// <param name="because">Why the database does not search, for a person; null where none could.</param>
    public ExactVectorSearch(EmbeddingStore store, Announcements announcements, TimeProvider time, string? because = null)
    {
        (_store, _announcements, _time) = (store, announcements, time);
        _because = because is null ? "" : $" ({because})";
        _subscription = announcements.Subscribe(Hear);
    }

    /// <inheritdoc/>
    public EmbeddingSpace Space => _store.Space;

    /// <inheritdoc/>
    public string Method => $"exact scan, {Loaded:N0} vectors in memory{_because}";

    /// <inheritdoc/>
    public int Loaded => _libraries.Values.Sum(library => library.Index.Count);

    /// <inheritdoc/>
    public IReadOnlyList<SnapshotStatistics> Statistics =>
        [.. _libraries.Values.Select(library => library.Statistics).OrderBy(statistics => statistics.Name, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public IReadOnlyList<(long LibraryId, int SoFar)> Loading =>
        [.. _libraries.Where(library => library.Value.Load.State == LoadState.Loading).Select(library => (library.Key, library.Value.Index.Count))];

    /// <inheritdoc/>
    public IReadOnlyList<(long LibraryId, string Reason)> Failed =>
        [.. _libraries.Where(library => library.Value.Load.State == LoadState.Failed).Select(library => (library.Key, library.Value.Load.FailureOrNull ?? "unknown"))];

    /// <inheritdoc/>
    public async Task<(IReadOnlyList<Neighbour> Neighbours, int Compared)> NearestAsync(
        long libraryId, ReadOnlyMemory<float> vector, int count, CancellationToken cancellationToken)
    {
        var library = _libraries.GetOrAdd(libraryId, static (id, search) => new LibraryVectors(id, search._store, search._time), this);
        library.Count();
        try
        {
            await library.Load.GetAsync(cancellationToken).WaitAsync(s_patience, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // what has been read so far is searched, and the answer says how much that is
        }

        return (library.Index.Nearest(vector.Span, count), library.Index.Count);
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
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
