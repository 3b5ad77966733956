using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Vitrine.Storage;

/// <summary>
/// A database as it stands, for a process that only looks: its tables are not brought up to date and nothing is written. Others may be at work on it
/// meanwhile.
/// </summary>
/// <remarks>Thread-safe: one connection, used by one thread at a time.</remarks>
internal sealed class ReadOnlyDatabase : Database, IDisposable
{
    private readonly Lock _gate = new();
    private readonly DbConnection _connection;
    private readonly string _place;

    private ReadOnlyDatabase(DbConnection connection, SqlDialect dialect, string place) => (_connection, Dialect, _place) = (connection, dialect, place);

    public override SqlDialect Dialect { get; }

    /// <returns>Null where there is no database yet.</returns>
    /// <exception cref="DatabaseUnavailableException">It is damaged, of another version than this program's, or cannot be read.</exception>
    public static ReadOnlyDatabase? OpenSqliteOrNull(string path)
    {
        if (SizeOf(path) == 0)
            return null; // an empty file is what a start that was killed at once leaves
        DatabaseFile.CheckToRead(path);
        try
        {
            var connection = DatabaseFile.OpenToRead(path);
            return OfCurrentVersionOrNull(connection, SqlDialect.Sqlite, path, connection.QueryNumber("PRAGMA user_version"), MigrationScripts.Sqlite);
        }
        catch (SqliteException exception)
        {
            throw DatabaseFile.Explain(path, exception);
        }
    }

    /// <param name="connectionString">As Npgsql reads it.</param>
    /// <returns>Null where the database has no tables yet.</returns>
    /// <exception cref="DatabaseUnavailableException">It cannot be reached, or is of another version than this program's.</exception>
    public static ReadOnlyDatabase? OpenPostgresOrNull(string connectionString)
    {
        var (place, _, version, _) = PostgresDatabase.Look(connectionString);
        var settings = PostgresSettings.Of(connectionString);
        settings.Pooling = false;
        var connection = new NpgsqlConnection(settings.ToString());
        try
        {
            connection.Open();
            connection.Execute("SET default_transaction_read_only = on");
            return OfCurrentVersionOrNull(connection, SqlDialect.Postgres, place, version, MigrationScripts.Postgres);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException)
        {
            connection.Dispose();
            throw CannotBeRead(place, exception);
        }
    }

    public override T Read<T>(Func<DbConnection, T> read)
    {
        try
        {
            lock (_gate)
                return read(_connection);
        }
        catch (SqliteException exception)
        {
            throw DatabaseFile.Explain(_place, exception);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException)
        {
            throw CannotBeRead(_place, exception);
        }
    }

    public override Task<T> WriteAsync<T>(Func<WriteTransaction, T> work, WriteUrgency urgency, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"The database {_place} was opened to be read.");

    public void Dispose() => _connection.Dispose();

    public override ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static ReadOnlyDatabase? OfCurrentVersionOrNull(DbConnection connection, SqlDialect dialect, string place, long version, MigrationScripts scripts)
    {
        if (version == scripts.Newest)
            return new ReadOnlyDatabase(connection, dialect, place);
        connection.Dispose();
        if (version == 0)
            return null;
        scripts.CheckVersion(version, place);
        throw new DatabaseUnavailableException(
            $"The database {place} is of an older version ({version}; this program's is {scripts.Newest}). Nothing was changed. Start 'vitrine serve' once: it brings the database up to date.");
    }

    /// <summary>0 for a file that is not there.</summary>
    private static long SizeOf(string path)
    {
        try
        {
            return new FileInfo(path).Length;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return 0;
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            throw new DatabaseUnavailableException($"The database {path} cannot be read: {DiskTrouble.Describe(exception)} Check the permissions of its folder.", exception);
        }
    }

    private static DatabaseUnavailableException CannotBeRead(string place, Exception exception) =>
        new($"The database {place} cannot be read: {PostgresDatabase.WordsOf(exception)}. Check that its server runs.", exception);
}
