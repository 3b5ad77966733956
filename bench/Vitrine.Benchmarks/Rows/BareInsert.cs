using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Benchmarks.Setting;
using Vitrine.Storage;

namespace Vitrine.Benchmarks.Rows;

/// <summary>
/// What the rows of a scan cost SQLite at least: one transaction that inserts them from memory into the product's own table, empty, with its indexes. They come in the
/// order of folders and names, which a B-tree takes in fastest, by one prepared statement; nothing is counted, looked up or told.
/// </summary>
internal sealed class BareInsert(BenchRun run, string folder)
{
    private const string InsertSql =
        """
        INSERT INTO assets (id, library_id, folder_id, task_group_id, name, kind, size, modified_at, added_at, status)
        VALUES (?1, 1, ?2, 2, ?3, 0, ?4, ?5, ?6, 0)
        """;

    private readonly List<Row> _rows = [.. Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Index().SelectMany(Files)];

    /// <summary>Milliseconds from the beginning of the transaction to its commit, which is on the disk.</summary>
    /// <param name="withParameters">With ADO.NET's parameters, as most programs do; without, values are bound by position, which is quicker.</param>
    public async Task<double> TimeAsync(bool withParameters)
    {
        using var data = run.Scratch();
        var path = Path.Join(data.FullPath, "bare.db");
        await using var connection = await OpenAsync(path);
        var clock = Stopwatch.StartNew();
        using (var transaction = connection.BeginTransaction())
        {
            if (withParameters)
                InsertWithParameters(connection, transaction);
            else
                Insert(connection);
            transaction.Commit();
        }

        var time = clock.Elapsed.TotalMilliseconds;
        return connection.QueryNumber("SELECT COUNT(*) FROM assets") == _rows.Count ? time : throw new InvalidOperationException($"Not all of {_rows.Count} rows are in {path}.");
    }

    /// <summary>An empty database: tables, page size and journal are the file's, made by the product; how it syncs and caches is asked of the connection it writes with.</summary>
    private static async Task<SqliteConnection> OpenAsync(string path)
    {
        string[] settings = ["synchronous", "cache_size", "temp_store"];
        long[] values;
        await using (var database = SqliteDatabase.Open(path, NullLogger.Instance))
        {
            values = await database.WriteAsync(
                transaction => settings.Select(setting => transaction.Connection.QueryNumber($"PRAGMA {setting}")).ToArray(), WriteUrgency.Bulk, CancellationToken.None);
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        foreach (var (setting, value) in settings.Zip(values))
            connection.Execute($"PRAGMA {setting}={value}");
        return connection;
    }

    private void Insert(SqliteConnection connection)
    {
        using var insert = new SqliteStatement(connection, InsertSql);
        insert.Bind(6, TimeProvider.System.GetUtcNow().ToStored());
        foreach (var (index, row) in _rows.Index())
        {
            insert.Bind(1, index + 1L);
            insert.Bind(2, row.Folder);
            insert.Bind(3, row.Name);
            insert.Bind(4, row.Size);
            insert.Bind(5, row.ModifiedAt);
            insert.Run();
        }
    }

    private void InsertWithParameters(SqliteConnection connection, SqliteTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.CommandText = InsertSql;
        command.Transaction = transaction;
        var parameters = Enumerable.Range(1, 6).Select(place => command.Parameters.Add($"?{place}", place == 3 ? SqliteType.Text : SqliteType.Integer)).ToArray();
        parameters[5].Value = TimeProvider.System.GetUtcNow().ToStored();
        command.Prepare();
        foreach (var (index, row) in _rows.Index())
        {
            parameters[0].Value = index + 1L;
            parameters[1].Value = row.Folder;
            parameters[2].Value = row.Name;
            parameters[3].Value = row.Size;
            parameters[4].Value = row.ModifiedAt;
            command.ExecuteNonQuery();
        }
    }

    private static IEnumerable<Row> Files((int Index, string Path) folder) =>
        new DirectoryInfo(folder.Path).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => new Row(folder.Index + 1L, file.Name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc).ToStored()));

    private readonly record struct Row(long Folder, string Name, long Size, long ModifiedAt);
}
