using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics.Tensors;
using Vitrine.Caching;
using Vitrine.Storage;

namespace Vitrine.Embeddings.Pgvector;

/// <summary>
/// Nearest neighbours by pgvector: each library has a table and an HNSW index of its own, so that no other library's vectors stand between a
/// question and its answer. Approximate: docs/embeddings.md has the recall. Nothing is kept in this process but counts.
/// </summary>
/// <remarks>Thread-safe. Answers come from the calling thread.</remarks>
internal sealed class PgvectorSearch : IVectorSearch
{
    /// <summary>Candidates a scan keeps at first; it goes on where they do not suffice. More find more, and take longer.</summary>
    private const int LeastCandidates = 100;

    /// <summary>The most that pgvector accepts.</summary>
    private const int MostCandidates = 1000;

    /// <summary>More rows than these are counted again at most every <see cref="s_countEvery"/>.</summary>
    private const int QuicklyCounted = 100_000;

    private static readonly TimeSpan s_countEvery = TimeSpan.FromSeconds(10);

    private readonly Database _database;
    private readonly string _extension;
    private readonly Announcements _announcements;
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<long, Count> _counts = new();

    /// <param name="extension">What searches, for a person.</param>
    public PgvectorSearch(Database database, EmbeddingSpace space, string extension, Announcements announcements, TimeProvider time)
    {
        (_database, Space, _extension, _announcements, _time) = (database, space, extension, announcements, time);
        _subscription = announcements.Subscribe(Hear);
    }

    /// <inheritdoc/>
    public EmbeddingSpace Space { get; }

    /// <inheritdoc/>
    public string Method => $"{_extension} in the database";

    /// <inheritdoc/>
    public int Loaded => 0;

    /// <inheritdoc/>
    public IReadOnlyList<SnapshotStatistics> Statistics => [];

    /// <inheritdoc/>
    public IReadOnlyList<(long LibraryId, int SoFar)> Loading => _database.Read(connection =>
        connection.QueryNumber("SELECT CASE WHEN to_regclass('vector_tables') IS NULL THEN 0 ELSE 1 END") == 0
            ? []
            : connection.Query(
                """
                SELECT t.library_id, t.copied FROM vector_tables t JOIN embedding_spaces s ON s.id = t.space_id
                WHERE s.name = @space AND t.copied_to IS NOT NULL ORDER BY t.library_id
                """,
                row => (row.GetInt64(0), (int)row.GetInt64(1)),
                ("@space", Space.Name)));

    /// <inheritdoc/>
    public IReadOnlyList<(long LibraryId, string Reason)> Failed => [];

    /// <inheritdoc/>
    public Task<(IReadOnlyList<Neighbour> Neighbours, int Compared)> NearestAsync(
        long libraryId, ReadOnlyMemory<float> vector, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (vector.Length != Space.Dimensions)
            throw new ArgumentException($"A vector of {Space.Name} takes {Space.Dimensions} components, not {vector.Length}.", nameof(vector));
        if (!TensorPrimitives.IsFiniteAll(vector.Span))
            throw new ArgumentException("A component is not finite.", nameof(vector));
        cancellationToken.ThrowIfCancellationRequested();
        if (TableOrNull(libraryId) is not { } table)
            return Task.FromResult<(IReadOnlyList<Neighbour>, int)>(([], 0));
        IReadOnlyList<Neighbour> nearest = count == 0 ? [] : Nearest(table, vector.ToArray(), count);
        return Task.FromResult((nearest, CountOf(libraryId, table)));
    }

    /// <inheritdoc/>
    public void Add(long libraryId, ReadOnlySpan<long> assetIds, ReadOnlySpan<float> vectors) =>
        _announcements.Announce(new Announcement.VectorsChanged(libraryId, assetIds.ToArray(), AreLoaded: true));

    /// <inheritdoc/>
    public void Dispose() => _subscription.Dispose();

    private string? TableOrNull(long libraryId) => _database.Read(connection => connection.QueryFirstOrDefault(
        "SELECT s.id FROM embedding_spaces s WHERE s.name = @space AND to_regclass('vectors_' || s.id || '_' || @library) IS NOT NULL",
        row => VectorTables.Name(row.GetInt64(0), libraryId),
        ("@space", Space.Name), ("@library", libraryId)));

    /// <summary>
    /// The settings hold for the one transaction that both statements are. The index gives the order by distance, and the rows of one
    /// distance are sorted as they come: no more are read than are answered.
    /// </summary>
    internal static string NearestSql(string table, int count) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT set_config('hnsw.ef_search', '{Math.Clamp(2L * count, LeastCandidates, MostCandidates)}', TRUE), set_config('hnsw.iterative_scan', 'strict_order', TRUE);
        SELECT asset_id, 1 - (vector <=> @vector::halfvec) FROM {table} ORDER BY vector <=> @vector::halfvec, asset_id LIMIT {count}
        """);

    private List<Neighbour> Nearest(string table, float[] vector, int count) => _database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = NearestSql(table, count);
        command.Set("@vector", vector);
        using var reader = command.ExecuteReader();
        reader.NextResult();
        var nearest = new List<Neighbour>();
        while (reader.Read())
            nearest.Add(new Neighbour(reader.GetInt64(0), Math.Clamp((float)reader.GetDouble(1), -1, 1)));
        return nearest;
    });

    private int CountOf(long libraryId, string table)
    {
        var count = _counts.GetOrAdd(libraryId, _ => new Count());
        var now = _time.GetUtcNow();
        lock (count)
        {
            if (!count.IsStale || (count.Rows > QuicklyCounted && now - count.At < s_countEvery))
                return count.Rows;
            count.IsStale = false; // before they are counted: what changes from here on may not be among them
            try
            {
                (count.Rows, count.At) = ((int)_database.Read(connection => connection.QueryNumber($"SELECT COUNT(*) FROM {table}")), now);
                return count.Rows;
            }
            catch
            {
                count.IsStale = true;
                throw;
            }
        }
    }

    private void Hear(Announcement announcement)
    {
        switch (announcement)
        {
            case Announcement.AssetsRemoved removed:
                Changed(removed.LibraryId);
                break;
            case Announcement.VectorsChanged embedded:
                Changed(embedded.LibraryId);
                break;
            case Announcement.LibraryReloaded reloaded:
                Changed(reloaded.LibraryId);
                break;
            case Announcement.LibraryForgotten forgotten:
                _counts.TryRemove(forgotten.LibraryId, out _);
                break;
        }
    }

    private void Changed(long libraryId)
    {
        if (_counts.TryGetValue(libraryId, out var count))
            Volatile.Write(ref count.IsStale, true);
    }

    /// <summary>A library's vectors, as they were counted last.</summary>
    private sealed class Count
    {
        public bool IsStale = true;
        public int Rows;
        public DateTimeOffset At;
    }
}
