using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Vitrine.Storage;

/// <summary>
/// SQLite in WAL mode, <c>synchronous=FULL</c>: one writer thread with group commit, any number of pooled readers that
/// never wait for it.
/// </summary>
public sealed class SqliteDatabase : Database
{
    private readonly string _path;
    private readonly DatabaseGuard _guard;
    private readonly GroupCommitWriter _writer;
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private volatile bool _closed;

    private SqliteDatabase(string path, DatabaseGuard guard, GroupCommitWriter writer) => (_path, _guard, _writer) = (path, guard, writer);

    /// <summary>Opens or creates the database file and brings its tables up to date.</summary>
    /// <param name="path">Where it is; only this user may read one that is made.</param>
    /// <param name="logger">For what goes wrong in a commit.</param>
    /// <param name="outages">Where trouble that lasts is noted; null for nowhere but the log.</param>
    /// <param name="time">Tells when the file is looked at again; null for the system's clock.</param>
    /// <exception cref="DatabaseUnavailableException">The file is damaged, newer than this program, or cannot be opened.</exception>
    public static SqliteDatabase Open(string path, ILogger logger, Outages? outages = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        outages ??= new Outages(time, logger);
        DatabaseFile.CheckBeforeStart(path);
        OwnFiles.Prepare(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            // 8 KiB pages and a 64 MiB cache: 1,000,000 rows with their indexes arrive in about 2 s.
            connection.Execute("PRAGMA page_size=8192");
            connection.Execute("PRAGMA journal_mode=WAL");
            connection.Execute("PRAGMA synchronous=FULL");
            connection.Execute("PRAGMA cache_size=-65536");
            connection.Execute("PRAGMA temp_store=MEMORY");
            connection.Execute("PRAGMA foreign_keys=ON");
            connection.Execute("PRAGMA busy_timeout=5000");
            SqliteMigrations.Apply(connection);
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw DatabaseFile.Explain(path, exception);
        }

        var guard = new DatabaseGuard(path, outages, time);
        return new SqliteDatabase(path, guard, new GroupCommitWriter(new SqliteWriteConnection(connection, guard), outages, logger));
    }

    public override SqlDialect Dialect => SqlDialect.Sqlite;

    public override T Read<T>(Func<DbConnection, T> read)
    {
        _guard.LookNowAndThen();
        SqliteConnection? connection = null;
        try
        {
            connection = _readers.TryTake(out var pooled) ? pooled : OpenReader();
            var answer = read(connection);
            _guard.NoteRead();
            return answer;
        }
        catch (SqliteException exception)
        {
            throw _guard.Explain(exception, OutageKind.DatabaseReading);
        }
        finally
        {
            if (connection is not null)
                GiveBack(connection);
        }
    }

    public override Task<T> WriteAsync<T>(Func<WriteTransaction, T> work, WriteUrgency urgency, CancellationToken cancellationToken) =>
        _writer.EnqueueAsync(work, urgency, cancellationToken);

    /// <summary>The writer goes last: the last connection takes the journal into the file, and readers may not.</summary>
    public override async ValueTask DisposeAsync()
    {
        _closed = true;
        while (_readers.TryTake(out var connection))
            await connection.DisposeAsync();
        await _writer.DisposeAsync();
    }

    private void GiveBack(SqliteConnection connection)
    {
        _readers.Add(connection);
        if (_closed && _readers.TryTake(out var late))
            late.Dispose();
    }

    private SqliteConnection OpenReader()
    {
        _guard.CheckBeforeOpening();
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA cache_size=-8192");
            connection.Execute("PRAGMA busy_timeout=5000");
            connection.Execute("PRAGMA temp_store=MEMORY");
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }
}
