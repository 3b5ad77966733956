using Microsoft.Data.Sqlite;
using Vitrine.Storage;

namespace Vitrine.Transfer;

/// <summary>The embedded database of a data folder, held so that no server uses it, and only read: it stays as the way back.</summary>
/// <remarks>Not thread-safe: one connection, used by one thread at a time.</remarks>
public sealed class TransferSource : IDisposable
{
    private readonly DataFolder _held;
    private readonly SqliteConnection _connection;
    private readonly string _path;

    private TransferSource(DataFolder held, SqliteConnection connection, string path) => (_held, _connection, _path) = (held, connection, path);

    /// <summary>Absolute.</summary>
    public string DataFolder => _held.FullPath;

    /// <exception cref="DataFolderException">There is no such folder, or a server holds it.</exception>
    /// <exception cref="DatabaseUnavailableException">There is no database in it, or it is damaged, or of another version than this program's.</exception>
    public static TransferSource Open(string dataFolder)
    {
        dataFolder = Path.GetFullPath(dataFolder);
        if (!Directory.Exists(dataFolder))
            throw new DataFolderException($"There is no data folder {dataFolder}. Name the one that holds the libraries with --data.");
        var path = Path.Join(dataFolder, DatabaseFile.Name);
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
            throw new DatabaseUnavailableException($"There is no database in {dataFolder}, so there is nothing to move. Name the data folder that holds the libraries with --data.");
        var held = Storage.DataFolder.Hold(dataFolder);
        try
        {
            return new TransferSource(held, OpenToRead(path), path);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>By name, then id.</summary>
    public IReadOnlyList<SourceLibrary> Libraries() => Read(connection => connection.Query(
        """
        SELECT l.id, l.name, l.path, l.created_at, p.version, (SELECT COUNT(*) FROM assets a WHERE a.library_id = l.id)
        FROM libraries l JOIN progress p ON p.id = l.id ORDER BY l.name, l.id
        """,
        row => new SourceLibrary(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5))));

    public void Dispose()
    {
        _connection.Dispose();
        _held.Dispose();
    }

    /// <exception cref="DatabaseUnavailableException">The database cannot be read.</exception>
    internal T Read<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            return read(_connection);
        }
        catch (SqliteException exception)
        {
            throw DatabaseFile.Explain(_path, exception);
        }
    }

    private static SqliteConnection OpenToRead(string path)
    {
        DatabaseFile.CheckBeforeStart(path);
        try
        {
            var connection = DatabaseFile.OpenToRead(path);
            var version = connection.QueryNumber("PRAGMA user_version");
            if (version == MigrationScripts.Sqlite.Newest)
            {
                connection.Execute("PRAGMA cache_size=-65536");
                return connection;
            }

            connection.Dispose();
            throw new DatabaseUnavailableException(
                $"The database {path} has version {version}, and this program moves version {MigrationScripts.Sqlite.Newest}. Let 'vitrine serve' bring it up to date first.");
        }
        catch (SqliteException exception)
        {
            throw DatabaseFile.Explain(path, exception);
        }
    }
}
