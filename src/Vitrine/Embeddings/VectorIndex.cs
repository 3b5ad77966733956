using System.Numerics.Tensors;

namespace Vitrine.Embeddings;

/// <summary>
/// All vectors of one space in memory, as halves, searched exactly: every query is compared with every vector. Takes
/// 2 × dimensions + about 16 bytes per asset.
/// </summary>
/// <remarks>
/// Thread-safe. Readers never wait: a query sees the index as it was when the query began, writes since then are not seen in part.
/// Writers wait for each other, so write in batches.
/// </remarks>
public sealed partial class VectorIndex
{
    private const int BlockRows = 16;

    private readonly int _dimensions;

    // What readers see. Replaced as a whole, never changed; null entries are places whose chunk was emptied.
    private volatile VectorChunk?[] _published = [];
    private volatile int _count;

    public VectorIndex(EmbeddingSpace space)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(space.Dimensions, 1);
        Space = space;
        _dimensions = space.Dimensions;
        _rows = new RowTable(row => _chunks[row / VectorChunk.Capacity]!.AssetId(row % VectorChunk.Capacity));
    }

    public EmbeddingSpace Space { get; }

    /// <summary>Assets that have a vector.</summary>
    public int Count => _count;

    /// <summary>Rows that memory is held for: living, removed and not yet filled ones.</summary>
    internal int ReservedRows => _published.Count(chunk => chunk is not null) * VectorChunk.Capacity;

    /// <summary>The assets whose vectors are nearest to the query.</summary>
    /// <param name="query">A finite vector of unit length, in the same space.</param>
    /// <param name="count">At most this many, at least 0.</param>
    /// <param name="filter">Only assets it is true for; asked from several threads at once, and only for assets near enough to be answered.</param>
    /// <returns>Highest similarity first; at the same similarity the lower id first.</returns>
    /// <exception cref="ArgumentException">The query has another number of dimensions, or a component that is not a number.</exception>
    /// <remarks>Large indexes are searched on all cores.</remarks>
    public IReadOnlyList<Neighbour> Nearest(ReadOnlySpan<float> query, int count, Func<long, bool>? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        RequireVectors(query, 1, nameof(query));
        if (!TensorPrimitives.IsFiniteAll(query))
            throw new ArgumentException("A component is not finite.", nameof(query));
        var chunks = _published;
        if (count == 0 || chunks.Length == 0)
            return [];

        var nearest = new NearestList(count);
        if (chunks.Length == 1 || Environment.ProcessorCount == 1)
        {
            var scratch = new float[BlockRows * _dimensions];
            foreach (var chunk in chunks)
                Search(chunk, query, scratch, filter, nearest);
            return nearest.ToArray();
        }

        var copy = query.ToArray();
        var sync = new Lock();
        Parallel.For(
            0,
            chunks.Length,
            () => (Scratch: new float[BlockRows * _dimensions], Nearest: new NearestList(count)),
            (at, _, mine) =>
            {
                Search(chunks[at], copy, mine.Scratch, filter, mine.Nearest);
                return mine;
            },
            mine =>
            {
                lock (sync)
                    nearest.OfferAll(mine.Nearest);
            });
        return nearest.ToArray();
    }

    private void Search(VectorChunk? chunk, ReadOnlySpan<float> query, float[] scratch, Func<long, bool>? filter, NearestList nearest)
    {
        if (chunk is null)
            return;

        // A block of vectors is widened into the first-level cache, then compared: faster than one by one, and than a whole chunk.
        for (var first = 0; first < chunk.Rows; first += BlockRows)
        {
            var rows = Math.Min(BlockRows, chunk.Rows - first);
            TensorPrimitives.ConvertToSingle(chunk.Vectors(first, rows), scratch);
            for (var i = 0; i < rows; i++)
            {
                var similarity = Math.Clamp(TensorPrimitives.Dot(query, scratch.AsSpan(i * _dimensions, _dimensions)), -1, 1);
                var neighbour = new Neighbour(chunk.AssetId(first + i), similarity);
                if (nearest.Wants(neighbour) && !chunk.IsRemoved(first + i) && filter?.Invoke(neighbour.AssetId) != false)
                    nearest.Offer(neighbour);
            }
        }
    }

    private void RequireVectors<T>(ReadOnlySpan<T> vectors, int count, string parameter)
    {
        if (vectors.Length != (long)count * _dimensions)
        {
            throw new ArgumentException(
                $"{count} vectors of {Space.Name} take {(long)count * _dimensions} components, not {vectors.Length}.", parameter);
        }
    }
}
