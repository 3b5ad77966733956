using Microsoft.Data.Sqlite;
using Vitrine.Storage;

namespace Vitrine.Indexing;

/// <summary>Prepared single-row statements without ADO.NET's parameters (docs/benchmarks.md has the rate).</summary>
internal sealed class SqliteAssetRows : IAssetRows
{
    private const string InsertSql =
        """
        INSERT INTO assets (id, library_id, folder_id, task_group_id, name, kind, size, modified_at, changed_at, added_at, status)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0)
        ON CONFLICT (folder_id, name) DO NOTHING
        """;

    private readonly WriteTransaction _transaction;
    private readonly SqliteStatement _known;
    private readonly SqliteStatement _insert;
    private readonly List<long> _added = [];
    private long _nextId;

    public SqliteAssetRows(WriteTransaction transaction, ScanSession scan, DateTimeOffset now)
    {
        _transaction = transaction;
        var connection = (SqliteConnection)transaction.Connection;
        _known = new SqliteStatement(connection, "SELECT name, id, size, modified_at, changed_at FROM assets WHERE folder_id = ?1");
        _insert = new SqliteStatement(connection, InsertSql);
        _insert.Bind(2, scan.LibraryId);
        _insert.Bind(4, scan.TaskGroupId);
        _insert.Bind(10, now.ToStored());
    }

    public IReadOnlyList<long> Added => _added;

    public Dictionary<string, KnownFile> Known(long folderId)
    {
        var known = new Dictionary<string, KnownFile>(StringComparer.Ordinal);
        _known.Bind(1, folderId);
        while (_known.Read())
            known.Add(_known.Text(0), new KnownFile(_known.Number(1), new FileStamp(_known.Number(2), _known.Number(3)), _known.Number(4)));
        return known;
    }

    public void Add(long folderId, ScannedFile file)
    {
        if (_nextId == 0)
            _nextId = (long)_transaction.Prepare("SELECT next FROM asset_ids").ExecuteScalar()!;
        _insert.Bind(1, _nextId);
        _insert.Bind(3, folderId);
        _insert.Bind(5, file.Name);
        _insert.Bind(6, (long)file.Kind);
        _insert.Bind(7, file.Size);
        _insert.Bind(8, file.ModifiedAt);
        _insert.Bind(9, file.ChangedAt);
        if (_insert.Run() == 1)
            _added.Add(_nextId++);
    }

    public void Flush()
    {
        if (_nextId > 0)
            _transaction.Prepare("UPDATE asset_ids SET next = @next").Set("@next", _nextId).ExecuteNonQuery();
    }

    public void Dispose()
    {
        _known.Dispose();
        _insert.Dispose();
    }
}
