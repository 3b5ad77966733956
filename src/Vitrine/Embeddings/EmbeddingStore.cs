using Vitrine.Storage;

namespace Vitrine.Embeddings;

/// <summary>The vectors of one space in the database.</summary>
public sealed class EmbeddingStore(Database database, EmbeddingSpace space)
{
    private readonly Lock _gate = new();
    private long _spaceId;

    public EmbeddingSpace Space => space;

    /// <summary>Writes or replaces one asset's vector.</summary>
    /// <param name="vector">Unit length, as many floats as the space has dimensions.</param>
    public void Write(WriteTransaction transaction, long assetId, ReadOnlySpan<float> vector) =>
        transaction.Queue(
            """
            INSERT INTO embeddings (space_id, asset_id, vector) VALUES (@space, @id, @vector)
            ON CONFLICT (asset_id, space_id) DO UPDATE SET vector = excluded.vector
            """,
            ("@space", SpaceId(transaction)), ("@id", assetId), ("@vector", VectorEncoding.Encode(vector)));

    /// <summary>Takes away what was made of an earlier content.</summary>
    public static void Forget(WriteTransaction transaction, long assetId) =>
        transaction.Queue("DELETE FROM embeddings WHERE asset_id = @id", ("@id", assetId));

    /// <summary>Whether the asset has a vector in this space.</summary>
    public bool Has(long assetId) => database.Read(connection => connection.QueryNumber(
        "SELECT EXISTS (SELECT 1 FROM embeddings e JOIN embedding_spaces s ON s.id = e.space_id WHERE e.asset_id = @id AND s.name = @space)",
        ("@id", assetId), ("@space", space.Name))) != 0;

    /// <summary>Null until the asset was embedded.</summary>
    public float[]? FindOrNull(long assetId) => database.Read(connection => connection.QueryFirstOrDefault(
        """
        SELECT e.vector FROM embeddings e JOIN embedding_spaces s ON s.id = e.space_id WHERE e.asset_id = @id AND s.name = @space
        """,
        row =>
        {
            var vector = new float[space.Dimensions];
            VectorEncoding.Decode(row.GetFieldValue<byte[]>(0), vector);
            return vector;
        },
        ("@id", assetId), ("@space", space.Name)));

    /// <summary>Puts every vector of a library into an index.</summary>
    public void Load(long libraryId, VectorIndex index) => Load("a.library_id = @library", index, ("@library", libraryId));

    /// <summary>Puts the vectors of these assets into an index.</summary>
    public void Load(IReadOnlyList<long> assetIds, VectorIndex index) => Load($"a.id IN {SqlIds.In(assetIds)}", index);

    private void Load(string where, VectorIndex index, params (string Name, object? Value)[] parameters) => database.Read(connection =>
    {
        var batch = new VectorBatch(space.Dimensions, index);
        connection.Query(
            $"""
            SELECT e.asset_id, e.vector FROM embeddings e JOIN embedding_spaces s ON s.id = e.space_id
                JOIN assets a ON a.id = e.asset_id
            WHERE {where} AND s.name = @space
            """,
            row => batch.Add(row.GetInt64(0), row.GetFieldValue<byte[]>(1)),
            [.. parameters, ("@space", space.Name)]);
        batch.Flush();
        return index.Count;
    });

    /// <summary>The space's row, made at the first vector.</summary>
    private long SpaceId(WriteTransaction transaction)
    {
        lock (_gate)
        {
            if (_spaceId == 0)
            {
                // Committed before it is remembered: a rolled back row would leave an id behind that is none.
                var id = transaction.Connection.QueryNumber(
                    """
                    INSERT INTO embedding_spaces (name, dimensions) VALUES (@name, @dimensions)
                    ON CONFLICT (name) DO UPDATE SET dimensions = excluded.dimensions RETURNING id
                    """,
                    ("@name", space.Name), ("@dimensions", space.Dimensions));
                transaction.AfterCommit(() => Interlocked.Exchange(ref _spaceId, id));
                return id;
            }

            return _spaceId;
        }
    }

    /// <summary>Hands vectors to an index some at a time: each handing over is a swap for its readers.</summary>
    private sealed class VectorBatch(int dimensions, VectorIndex index)
    {
        private const int Capacity = 1024;

        private readonly long[] _ids = new long[Capacity];
        private readonly Half[] _vectors = new Half[Capacity * dimensions];
        private int _count;

        public int Add(long assetId, byte[] encoded)
        {
            _ids[_count] = assetId;
            VectorEncoding.Decode(encoded, _vectors.AsSpan(_count * dimensions, dimensions));
            if (++_count == Capacity)
                Flush();
            return _count;
        }

        public void Flush()
        {
            if (_count > 0)
                index.Set(_ids.AsSpan(0, _count), _vectors.AsSpan(0, _count * dimensions));
            _count = 0;
        }
    }
}
