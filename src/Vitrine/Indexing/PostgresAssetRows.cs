using Npgsql;
using NpgsqlTypes;
using Vitrine.Storage;

namespace Vitrine.Indexing;

/// <summary>New rows by <c>COPY</c>; ids in blocks from a sequence, so that scans of several processes wait for nobody.</summary>
internal sealed class PostgresAssetRows(WriteTransaction transaction, ScanSession scan, DateTimeOffset now) : IAssetRows
{
    private const int IdsPerBlock = 1000;

    private const string CopySql =
        "COPY assets (id, library_id, folder_id, task_group_id, name, kind, size, modified_at, changed_at, added_at, status) FROM STDIN (FORMAT BINARY)";

    private const string InsertSql =
        """
        INSERT INTO assets (id, library_id, folder_id, task_group_id, name, kind, size, modified_at, changed_at, added_at, status)
        SELECT id, @library, folder_id, @group, name, kind, size, modified_at, changed_at, @now, 0
        FROM unnest(@ids, @folders, @names, @kinds, @sizes, @times, @changes) AS new (id, folder_id, name, kind, size, modified_at, changed_at)
        ON CONFLICT (folder_id, name) DO NOTHING RETURNING id
        """;

    private readonly List<Row> _rows = [];
    private List<long> _added = [];

    public IReadOnlyList<long> Added => _added;

    public Dictionary<string, KnownFile> Known(long folderId) => transaction.Prepare("SELECT name, id, size, modified_at, changed_at FROM assets WHERE folder_id = @folder")
        .Set("@folder", folderId)
        .Query(row => (Name: row.GetString(0), File: new KnownFile(row.GetInt64(1), new FileStamp(row.GetInt64(2), row.GetInt64(3)), row.GetInt64(4))))
        .ToDictionary(known => known.Name, known => known.File, StringComparer.Ordinal);

    public void Add(long folderId, ScannedFile file) => _rows.Add(new Row(folderId, file));

    public void Flush()
    {
        if (_rows.Count == 0)
            return;
        long[] ids = [.. NextIds(_rows.Count)];
        transaction.Connection.Execute("SAVEPOINT rows");
        try
        {
            Copy(ids);
            _added = [.. ids];
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // A file was shown twice, which is rare: this way is slower and passes over the second.
            transaction.Connection.Execute("ROLLBACK TO SAVEPOINT rows");
            _added = [.. Insert(ids).Order()];
        }

        transaction.Connection.Execute("RELEASE SAVEPOINT rows");
    }

    public void Dispose()
    {
        // nothing is held
    }

    private IEnumerable<long> NextIds(int count)
    {
        var blocks = transaction.Prepare("SELECT nextval('asset_id_blocks') FROM generate_series(1, @count)")
            .Set("@count", (count + IdsPerBlock - 1) / IdsPerBlock)
            .Query(row => row.GetInt64(0));
        return blocks.Order().SelectMany(block => Enumerable.Range(0, IdsPerBlock).Select(place => (block * IdsPerBlock) + place)).Take(count);
    }

    private void Copy(long[] ids)
    {
        using var copy = ((NpgsqlConnection)transaction.Connection).BeginBinaryImport(CopySql);
        foreach (var (place, (folderId, file)) in _rows.Index())
        {
            copy.StartRow();
            copy.Write(ids[place], NpgsqlDbType.Bigint);
            copy.Write(scan.LibraryId, NpgsqlDbType.Bigint);
            copy.Write(folderId, NpgsqlDbType.Bigint);
            copy.Write(scan.TaskGroupId, NpgsqlDbType.Bigint);
            copy.Write(file.Name, NpgsqlDbType.Text);
            copy.Write((long)file.Kind, NpgsqlDbType.Bigint);
            copy.Write(file.Size, NpgsqlDbType.Bigint);
            copy.Write(file.ModifiedAt, NpgsqlDbType.Bigint);
            copy.Write(file.ChangedAt, NpgsqlDbType.Bigint);
            copy.Write(now.ToStored(), NpgsqlDbType.Bigint);
            copy.Write(0L, NpgsqlDbType.Bigint);
        }

        copy.Complete();
    }

    private List<long> Insert(long[] ids) => transaction.Prepare(InsertSql)
        .Set("@library", scan.LibraryId).Set("@group", scan.TaskGroupId).Set("@now", now.ToStored()).Set("@ids", ids)
        .Set("@folders", _rows.ConvertAll(row => row.FolderId).ToArray()).Set("@names", _rows.ConvertAll(row => row.File.Name).ToArray())
        .Set("@kinds", _rows.ConvertAll(row => (long)row.File.Kind).ToArray()).Set("@sizes", _rows.ConvertAll(row => row.File.Size).ToArray())
        .Set("@times", _rows.ConvertAll(row => row.File.ModifiedAt).ToArray()).Set("@changes", _rows.ConvertAll(row => row.File.ChangedAt).ToArray())
        .Query(row => row.GetInt64(0));

    private readonly record struct Row(long FolderId, ScannedFile File);
}
