using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vitrine.Storage;

/// <summary>
/// A prepared statement without the parameter objects of ADO.NET, for the two loops that see every row of a scan: binding
/// by position halves their time (docs/benchmarks.md).
/// </summary>
/// <remarks>Used on the writer's thread only. Parameters and columns count from 1 and 0, as SQLite does.</remarks>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    public void Bind(int parameter, long value) => raw.sqlite3_bind_int64(_statement, parameter, value);

    public void Bind(int parameter, string value)
    {
        const int MaxOnStack = 1024;
        var size = Encoding.UTF8.GetMaxByteCount(value.Length);
        var bytes = size <= MaxOnStack ? stackalloc byte[MaxOnStack] : new byte[size];
        raw.sqlite3_bind_text(_statement, parameter, bytes[..Encoding.UTF8.GetBytes(value, bytes)]);
    }

    /// <summary>Runs a statement that returns no rows, makes it ready for the next, and tells how many rows it changed.</summary>
    /// <exception cref="SqliteException">A constraint, a full disk, an I/O error.</exception>
    public int Run()
    {
        var result = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE)
            Check(result);
        return raw.sqlite3_changes(_database);
    }

    /// <summary>Moves to the next row; false when there is none, and then it is ready to be bound again.</summary>
    /// <exception cref="SqliteException">An I/O error.</exception>
    public bool Read()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
            return true;
        raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE)
            Check(result);
        return false;
    }

    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), result, raw.sqlite3_extended_errcode(_database));
    }
}
