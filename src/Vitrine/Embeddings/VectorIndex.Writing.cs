using System.Numerics.Tensors;

namespace Vitrine.Embeddings;

public sealed partial class VectorIndex
{
    private readonly Lock _writing = new();

    // Where each asset's row is: chunk × Capacity + row in the chunk.
    private readonly RowTable _rows;

    // What writers change and then publish as a copy.
    private readonly List<VectorChunk?> _chunks = [];

    // The chunk that takes new rows, and how many of its rows are written; -1 when there is none.
    private int _tail = -1;
    private int _tailRows;

    /// <summary>Adds an asset, or replaces its vector.</summary>
    /// <exception cref="ArgumentException">The vector has another number of dimensions, or a component that is not a number.</exception>
    public void Set(long assetId, ReadOnlySpan<float> vector) => Set([assetId], vector);

    /// <summary>Adds assets, or replaces their vectors, all visible at once. Of an id given twice the last counts.</summary>
    /// <param name="assetIds">The assets.</param>
    /// <param name="vectors">One unit vector after another, in the order of the ids.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or a component is not a number. Nothing was changed.</exception>
    public void Set(ReadOnlySpan<long> assetIds, ReadOnlySpan<float> vectors)
    {
        RequireVectors(vectors, assetIds.Length, nameof(vectors));
        var halves = new Half[vectors.Length];
        TensorPrimitives.ConvertToHalf(vectors, halves);
        Set(assetIds, halves);
    }

    /// <inheritdoc cref="Set(ReadOnlySpan{long}, ReadOnlySpan{float})"/>
    public void Set(ReadOnlySpan<long> assetIds, ReadOnlySpan<Half> vectors)
    {
        RequireVectors(vectors, assetIds.Length, nameof(vectors));
        if (!TensorPrimitives.IsFiniteAll(vectors))
            throw new ArgumentException("A component is not finite.", nameof(vectors));

        lock (_writing)
        {
            for (var i = 0; i < assetIds.Length; i++)
            {
                Forget(assetIds[i]);
                Append(assetIds[i], vectors.Slice(i * _dimensions, _dimensions));
            }

            Publish();
        }
    }

    /// <summary>Forgets an asset. False when it was not there.</summary>
    public bool Remove(long assetId) => Remove([assetId]) == 1;

    /// <summary>Forgets assets, all at once, and answers how many were there.</summary>
    public int Remove(ReadOnlySpan<long> assetIds)
    {
        lock (_writing)
        {
            var removed = 0;
            foreach (var assetId in assetIds)
            {
                if (Forget(assetId))
                    removed++;
            }

            Publish();
            return removed;
        }
    }

    private void Append(long assetId, ReadOnlySpan<Half> vector)
    {
        if (_tail < 0 || _tailRows == VectorChunk.Capacity)
            StartTail();
        _chunks[_tail]!.Write(_tailRows, assetId, vector);
        _rows.Set(assetId, (_tail * VectorChunk.Capacity) + _tailRows);
        _tailRows++;
    }

    private void StartTail()
    {
        var full = _tail;
        _tail = _chunks.IndexOf(null);
        if (_tail < 0)
        {
            _tail = _chunks.Count;
            _chunks.Add(null);
        }

        _chunks[_tail] = new VectorChunk(_dimensions);
        _tailRows = 0;
        if (full < 0)
            return;
        _chunks[full] = _chunks[full]!.WithRows(VectorChunk.Capacity);
        MoveIfMostlyRemoved(full);
    }

    private bool Forget(long assetId)
    {
        var row = _rows.Find(assetId);
        if (row < 0)
            return false;

        // First out of the table: moving a chunk's rows needs every row in the table to be a living one.
        _rows.Remove(assetId);
        var at = row / VectorChunk.Capacity;
        _chunks[at] = _chunks[at]!.WithRemoved(row % VectorChunk.Capacity);
        if (at != _tail)
            MoveIfMostlyRemoved(at);
        return true;
    }

    /// <summary>
    /// Empties a chunk of which more than half is gone, so that removed rows never take more than the living ones. Each row is moved at most
    /// once per removal of another.
    /// </summary>
    private void MoveIfMostlyRemoved(int at)
    {
        var chunk = _chunks[at]!;
        if (chunk.RemovedRows <= VectorChunk.Capacity / 2)
            return;
        for (var row = 0; row < VectorChunk.Capacity; row++)
        {
            if (!chunk.IsRemoved(row))
                Append(chunk.AssetId(row), chunk.Vectors(row, 1));
        }

        _chunks[at] = null;
    }

    private void Publish()
    {
        if (_tail >= 0)
            _chunks[_tail] = _chunks[_tail]!.WithRows(_tailRows);

        _count = _rows.Count;
        _published = [.. _chunks];
    }
}
