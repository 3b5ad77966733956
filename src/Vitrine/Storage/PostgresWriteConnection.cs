using System.Data;
using System.Data.Common;
using Npgsql;

namespace Vitrine.Storage;

/// <summary>One PostgreSQL connection that is opened again after it was lost. Queued statements travel together.</summary>
internal sealed class PostgresWriteConnection(NpgsqlConnection connection, Outages outages) : IWriteConnection
{
    /// <summary>
    /// Ends what an earlier connection of this writer left at the server. It may still hold locks, and its last commit may still be on its
    /// way: once it is gone, that commit has taken effect or never will.
    /// </summary>
    private const string EndEarlierSql =
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()";

    private const string EarlierSql =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()";

    private readonly PreparedCommands _commands = new(connection);
    private readonly NpgsqlBatch _queue = new(connection);
    private NpgsqlTransaction? _transaction;
    private bool _inDoubt;

    // How many of the queue are of the current piece, and whether the server knows of the piece.
    private int _ofPiece;
    private bool _pieceBegan;

    public DbConnection Connection => connection;

    public SqlDialect Dialect => SqlDialect.Postgres;

    public bool InTransaction => _transaction is not null && connection.FullState.HasFlag(ConnectionState.Open) && !connection.FullState.HasFlag(ConnectionState.Broken);

    public void Begin()
    {
        if (connection.State != ConnectionState.Open)
        {
            connection.Close();
            connection.Open();
            EndEarlier();
        }

        _queue.BatchCommands.Clear(); // what a lost connection left of its last piece
        _transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted); // travels with the first statement
    }

    /// <remarks>When the connection is lost in here nobody knows whether it was committed: callers are told it was not, and fences make a second run harmless.</remarks>
    public void Commit()
    {
        _queue.BatchCommands.Clear(); // ends of pieces at most, and this ends them all
        try
        {
            _transaction!.Commit();
        }
        catch
        {
            Volatile.Write(ref _inDoubt, true);
            throw;
        }

        End();
    }

    /// <summary>Whether a commit was lost on its way since the last call.</summary>
    /// <remarks>From any thread.</remarks>
    public bool TakeDoubt() => Interlocked.Exchange(ref _inDoubt, false);

    public void Rollback()
    {
        try
        {
            _queue.BatchCommands.Clear();
            _transaction!.Rollback();
        }
        finally
        {
            End();
        }
    }

    public void BeginPiece()
    {
        Add("SAVEPOINT piece", []);
        (_ofPiece, _pieceBegan) = (0, false);
    }

    /// <remarks>A trip of its own only when the piece's last statements have not run yet; else its end goes with what comes next.</remarks>
    public void EndPiece()
    {
        Add("RELEASE SAVEPOINT piece", []);
        if (_ofPiece > 0)
            Flush();
    }

    public void TakeBackPiece()
    {
        _queue.BatchCommands.Clear();
        if (!_pieceBegan)
            return;
        Add("ROLLBACK TO SAVEPOINT piece", []);
        Add("RELEASE SAVEPOINT piece", []);
        Flush();
    }

    public DbCommand Prepare(string sql) => _commands[sql];

    public void Queue(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Add(sql, parameters);
        _ofPiece++;
    }

    public List<T> Query<T>(string sql, Func<DbDataReader, T> row, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Queue(sql, parameters);
        try
        {
            var rows = new List<T>();
            using var reader = _queue.ExecuteReader(); // the first result with rows: queued statements have none
            while (reader.Read())
                rows.Add(row(reader));
            return rows;
        }
        finally
        {
            Sent();
        }
    }

    public void Flush()
    {
        if (_queue.BatchCommands.Count == 0)
            return;
        try
        {
            _queue.ExecuteNonQuery();
        }
        finally
        {
            Sent();
        }
    }

    public DatabaseUnavailableException? UnavailableOrNull(Exception exception)
    {
        if (!PostgresDatabase.IsUnavailable(exception))
            return null;
        var told = $"The database cannot be written: {PostgresDatabase.WordsOf(exception)}.";
        if (PostgresDatabase.IsConflict(exception))
            return new DatabaseUnavailableException(told, exception);
        outages.Begin(OutageKind.DatabaseWriting, told);
        return new DatabaseUnavailableException(told, exception) { IsTold = true };
    }

    public async ValueTask DisposeAsync()
    {
        if (_transaction is not null)
            await _transaction.DisposeAsync();
        await _queue.DisposeAsync();
        await _commands.DisposeAsync();
        await connection.DisposeAsync();
    }

    private void Add(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (name, value) in parameters)
            command.Parameters.Add(new NpgsqlParameter(name, value ?? DBNull.Value));
        _queue.BatchCommands.Add(command);
    }

    private void Sent()
    {
        _queue.BatchCommands.Clear();
        (_ofPiece, _pieceBegan) = (0, true);
    }

    private void EndEarlier()
    {
        connection.Query(EndEarlierSql, row => row.GetBoolean(0));
        if (connection.QueryNumber(EarlierSql) == 0)
            return;
        connection.Close(); // or the next one would not ask
        throw new DatabaseUnavailableException("An earlier connection of this process has not ended yet.", null);
    }

    private void End()
    {
        _transaction?.Dispose();
        _transaction = null;
    }
}
