using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vitrine.Storage;

/// <summary>SQLite's write lock is taken at the start, so that no statement in the middle finds the database busy.</summary>
internal sealed class SqliteWriteConnection(SqliteConnection connection, DatabaseGuard guard) : IWriteConnection
{
    private readonly PreparedCommands _commands = new(connection);

    public DbConnection Connection => connection;

    public SqlDialect Dialect => SqlDialect.Sqlite;

    public bool InTransaction => raw.sqlite3_get_autocommit(connection.Handle) == 0;

    public void Begin()
    {
        guard.CheckBeforeWriting();
        Execute("BEGIN IMMEDIATE");
    }

    public void Commit() => Execute("COMMIT");

    public void Rollback() => Execute("ROLLBACK");

    public void BeginPiece() => Execute("SAVEPOINT piece");

    public void EndPiece() => Execute("RELEASE SAVEPOINT piece");

    public void TakeBackPiece()
    {
        Execute("ROLLBACK TO SAVEPOINT piece");
        Execute("RELEASE SAVEPOINT piece");
    }

    public DbCommand Prepare(string sql) => _commands[sql];

    /// <remarks>The database is in this process: nothing is saved by waiting.</remarks>
    public void Queue(string sql, ReadOnlySpan<(string Name, object? Value)> parameters) => Prepare(sql).Set(parameters).ExecuteNonQuery();

    public List<T> Query<T>(string sql, Func<DbDataReader, T> row, ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Prepare(sql).Set(parameters).Query(row);

    public void Flush()
    {
        // Nothing is held back.
    }

    public DatabaseUnavailableException? UnavailableOrNull(Exception exception) =>
        exception is SqliteException sqlite && DatabaseFile.IsUnavailable(sqlite) ? guard.Explain(sqlite, OutageKind.DatabaseWriting) : null;

    public async ValueTask DisposeAsync()
    {
        await _commands.DisposeAsync();
        // The last connection deletes the journal by its name, which may have become another database's.
        if (guard.HasItsJournal)
            await connection.DisposeAsync();
    }

    private void Execute(string sql) => Prepare(sql).ExecuteNonQuery();
}
