using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vitrine.Storage;

/// <summary>SQLite's write lock is taken at the start, so that no statement in the middle finds the database busy.</summary>
internal sealed class SqliteWriteConnection : IWriteConnection
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;

    public SqliteWriteConnection(SqliteConnection connection)
    {
        _connection = connection;
        _begin = Command("BEGIN IMMEDIATE");
        _commit = Command("COMMIT");
        _rollback = Command("ROLLBACK");
    }

    public DbConnection Connection => _connection;

    public SqlDialect Dialect => SqlDialect.Sqlite;

    public bool InTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    public void Begin() => _begin.ExecuteNonQuery();

    public void Commit() => _commit.ExecuteNonQuery();

    public void Rollback() => _rollback.ExecuteNonQuery();

    public bool IsUnavailable(Exception exception) => exception is SqliteException
    {
        SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM or raw.SQLITE_READONLY or raw.SQLITE_IOERR
            or raw.SQLITE_CORRUPT or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN or raw.SQLITE_NOTADB
    };

    public async ValueTask DisposeAsync()
    {
        await _begin.DisposeAsync();
        await _commit.DisposeAsync();
        await _rollback.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private SqliteCommand Command(string sql) => new(sql, _connection);
}
