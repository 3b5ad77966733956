using System.Diagnostics;

namespace Vitrine.Embeddings;

/// <summary>
/// A view of up to <see cref="Capacity"/> vectors as they were at one moment. Views share the arrays: rows are only ever written behind
/// <see cref="Rows"/> of every view that readers have, and removal makes a new view with another bitmap.
/// </summary>
/// <remarks>Immutable for readers; only the index's writer calls <see cref="Write"/>.</remarks>
internal sealed class VectorChunk
{
    public const int Capacity = 2048;

    private readonly long[] _assetIds;
    private readonly Half[] _vectors;
    private readonly ulong[]? _removed;
    private readonly int _dimensions;

    public VectorChunk(int dimensions)
    {
        _dimensions = dimensions;
        _assetIds = new long[Capacity];
        _vectors = GC.AllocateUninitializedArray<Half>(Capacity * dimensions);
    }

    private VectorChunk(VectorChunk before, int rows, ulong[]? removed, int removedRows)
    {
        _dimensions = before._dimensions;
        _assetIds = before._assetIds;
        _vectors = before._vectors;
        _removed = removed;
        Rows = rows;
        RemovedRows = removedRows;
    }

    /// <summary>Rows written, removed ones among them.</summary>
    public int Rows { get; }

    public int RemovedRows { get; }

    /// <summary>Not bound by <see cref="Rows"/>: the writer sees rows that are not yet published.</summary>
    public long AssetId(int row) => _assetIds[row];

    public ReadOnlySpan<Half> Vectors(int row, int rows) => _vectors.AsSpan(row * _dimensions, rows * _dimensions);

    public bool IsRemoved(int row) => _removed is { } removed && (removed[row >> 6] & (1UL << (row & 63))) != 0;

    /// <summary>Fills a row behind all published ones; <see cref="WithRows"/> makes it visible.</summary>
    public void Write(int row, long assetId, ReadOnlySpan<Half> vector)
    {
        Debug.Assert(row >= Rows);
        _assetIds[row] = assetId;
        vector.CopyTo(_vectors.AsSpan(row * _dimensions, _dimensions));
    }

    public VectorChunk WithRows(int rows) => new(this, rows, _removed, RemovedRows);

    public VectorChunk WithRemoved(int row)
    {
        var removed = _removed is null ? new ulong[Capacity / 64] : (ulong[])_removed.Clone();
        removed[row >> 6] |= 1UL << (row & 63);
        return new VectorChunk(this, Rows, removed, RemovedRows + 1);
    }
}
