using System.Data;
using System.Data.Common;
using Npgsql;

namespace Vitrine.Storage;

/// <summary>One PostgreSQL connection that is opened again after it was lost.</summary>
internal sealed class PostgresWriteConnection(NpgsqlConnection connection) : IWriteConnection
{
    private NpgsqlTransaction? _transaction;

    public DbConnection Connection => connection;

    public SqlDialect Dialect => SqlDialect.Postgres;

    public bool InTransaction => _transaction is not null && connection.FullState.HasFlag(ConnectionState.Open) && !connection.FullState.HasFlag(ConnectionState.Broken);

    public void Begin()
    {
        if (connection.State != ConnectionState.Open)
        {
            connection.Close();
            connection.Open();
        }

        _transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted); // travels with the first statement
    }

    /// <remarks>When the connection is lost in here nobody knows whether it was committed: callers are told it was not, and fences make a second run harmless.</remarks>
    public void Commit()
    {
        _transaction!.Commit();
        End();
    }

    public void Rollback()
    {
        try
        {
            _transaction!.Rollback();
        }
        finally
        {
            End();
        }
    }

    public bool IsUnavailable(Exception exception) => PostgresDatabase.IsUnavailable(exception);

    public async ValueTask DisposeAsync()
    {
        if (_transaction is not null)
            await _transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private void End()
    {
        _transaction?.Dispose();
        _transaction = null;
    }
}
