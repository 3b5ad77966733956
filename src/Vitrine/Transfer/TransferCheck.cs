using System.Data.Common;
using Vitrine.Storage;

namespace Vitrine.Transfer;

/// <summary>Reads a library on both sides and compares: rows per table and their content, assets per status, counters against rows.</summary>
internal sealed class TransferCheck(TransferSource source, TransferEntry entry, DbConnection target, Action<long> compared)
{
    private const int Examples = 3;

    private const string StatusesSql = "SELECT status, COUNT(*) FROM assets WHERE library_id = @library GROUP BY status";

    private const string CountersSql =
        """
        SELECT COUNT(*) FROM (
            SELECT s.scope, COUNT(*) FILTER (WHERE status = 0) AS pending, COUNT(*) FILTER (WHERE status = 1) AS indexed,
                COUNT(*) FILTER (WHERE status = 2) AS embedding, COUNT(*) FILTER (WHERE status = 3) AS ready, COUNT(*) FILTER (WHERE status = 4) AS failed
            FROM (
                SELECT library_id AS scope, status FROM assets WHERE library_id = @library
                UNION ALL SELECT task_group_id, status FROM assets WHERE library_id = @library) s GROUP BY s.scope) counted
            FULL JOIN (SELECT * FROM progress WHERE id = @library OR id IN (SELECT id FROM task_groups WHERE library_id = @library)) p ON p.id = counted.scope
        WHERE (COALESCE(counted.pending, 0), COALESCE(counted.indexed, 0), COALESCE(counted.embedding, 0), COALESCE(counted.ready, 0), COALESCE(counted.failed, 0))
            IS DISTINCT FROM (p.pending, p.indexed, p.embedding, p.ready, p.failed)
        """;

    private const string CategoriesSql =
        """
        SELECT DISTINCT t.folded, t.category FROM assets a JOIN asset_tags x ON x.asset_id = a.id JOIN tags t ON t.id = x.tag_id WHERE a.library_id = @library
        """;

    private readonly List<TransferDifference> _differences = [];
    private readonly Dictionary<string, long> _rows = [];
    private long _compared;

    /// <summary>Rows per table, as the source has them.</summary>
    public IReadOnlyDictionary<string, long> Rows => _rows;

    /// <summary>What differs; empty when all of the library has arrived as it was.</summary>
    public IReadOnlyList<TransferDifference> Run(CancellationToken cancellationToken)
    {
        foreach (var rows in (IEnumerable<ComparedRows>)[.. TransferTables.OfLibrary, .. TransferTables.OfAssets.Select(table => table.Compared)])
            Compare(rows, cancellationToken);
        var (there, here) = (source.Read(connection => Statuses(connection, entry.SourceId)), Statuses(target, entry.LibraryId));
        if (!there.SequenceEqual(here))
            _differences.Add(new TransferDifference("assets per status", string.Join('/', there), string.Join('/', here), []));
        if (target.QueryNumber(CountersSql, ("@library", entry.LibraryId)) is > 0 and var wrong)
            _differences.Add(new TransferDifference("counters that differ from their rows", "0", $"{wrong}", []));
        return _differences;
    }

    /// <summary>Assets per status in the source.</summary>
    public IReadOnlyList<long> Statuses() => source.Read(connection => Statuses(connection, entry.SourceId));

    /// <summary>Tags of the library that have another category in the target: there they belong to other libraries too.</summary>
    public IReadOnlyList<string> Categories()
    {
        var here = Categories(target, entry.LibraryId).ToDictionary(StringComparer.Ordinal);
        return
        [
            .. source.Read(connection => Categories(connection, entry.SourceId))
                .Where(tag => here.TryGetValue(tag.Folded, out var category) && category != tag.Category).Select(tag => tag.Folded).Order(StringComparer.Ordinal),
        ];
    }

    private void Compare(ComparedRows rows, CancellationToken cancellationToken)
    {
        var there = source.Read(connection => Digest(connection, rows, isSource: true, cancellationToken));
        var here = Digest(target, rows, isSource: false, cancellationToken);
        _rows[rows.Name] = there.Rows;
        if (there.Rows == here.Rows && there.Hash == here.Hash)
            return;
        var examples = source.Read(connection => DifferingRows.Find(
            rows, Command(connection, rows.Sql, isSource: true), Command(target, rows.Sql, isSource: false), Examples, cancellationToken));
        _differences.Add(new TransferDifference(
            rows.Name, $"{there.Rows:N0} rows with hash {there.Hash[..12]}", $"{here.Rows:N0} with {here.Hash[..12]}", examples));
    }

    private RowDigest Digest(DbConnection connection, ComparedRows rows, bool isSource, CancellationToken cancellationToken)
    {
        const int Told = 10_000;
        var digest = new RowDigest(rows.Columns);
        using var command = Command(connection, rows.Sql, isSource);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            digest.Add(reader);
            if (++_compared % Told == 0)
                compared(_compared);
        }

        return digest;
    }

    private DbCommand Command(DbConnection connection, string sql, bool isSource)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.Set("@library", isSource ? entry.SourceId : entry.LibraryId).Set("@assetShift", isSource ? 0 : entry.AssetShift);
    }

    private static long[] Statuses(DbConnection connection, long library)
    {
        var counts = new long[5];
        foreach (var (status, count) in connection.Query(StatusesSql, row => (row.GetInt64(0), row.GetInt64(1)), ("@library", library)))
            counts[status] = count;
        return counts;
    }

    private static List<(string Folded, string Category)> Categories(DbConnection connection, long library) =>
        connection.Query(CategoriesSql, row => (TransferValue.Clean(row.GetString(0)), row.GetString(1)), ("@library", library));
}
