using System.Data.Common;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Vitrine.Storage;

/// <summary>
/// PostgreSQL 15 or newer, shared by any number of processes. Each of them has one writing connection with group commit, as with
/// SQLite, and reads on pooled ones.
/// </summary>
public sealed class PostgresDatabase : Database
{
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _writerSource;
    private readonly PostgresWriteConnection _writing;
    private readonly GroupCommitWriter _writer;
    private readonly Outages _outages;

    private PostgresDatabase(NpgsqlDataSource source, NpgsqlConnectionStringBuilder settings, VectorExtension vectors, Outages outages, ILogger logger)
    {
        (_source, Vectors, _outages) = (source, vectors, outages);
        _writerSource = NpgsqlDataSource.Create(PostgresSettings.OfWriter(settings));
        _writing = new PostgresWriteConnection(_writerSource.CreateConnection(), outages);
        _writer = new GroupCommitWriter(_writing, outages, logger);
    }

    /// <summary>Opens the database and brings its tables up to date; of several processes that start together one does it.</summary>
    /// <param name="connectionString">As Npgsql reads it: <c>Host=…;Database=…;Username=…</c>.</param>
    /// <param name="logger">For what goes wrong in a commit.</param>
    /// <param name="outages">Where trouble that lasts is noted; null for nowhere but the log.</param>
    /// <exception cref="DatabaseUnavailableException">It cannot be reached, or is newer than this program.</exception>
    public static PostgresDatabase Open(string connectionString, ILogger logger, Outages? outages = null)
    {
        NpgsqlDataSource? source = null;
        try
        {
            var settings = PostgresSettings.Of(connectionString);
            source = NpgsqlDataSource.Create(settings);
            using var connection = source.OpenConnection();
            PostgresMigrations.Apply(connection);
            return new PostgresDatabase(source, settings, VectorExtension.Create(connection), outages ?? new Outages(TimeProvider.System, logger), logger);
        }
        catch (Exception exception) when (IsOpeningTrouble(exception))
        {
            source?.Dispose();
            throw CannotBeOpened(connectionString, exception);
        }
        catch (DatabaseUnavailableException)
        {
            source?.Dispose();
            throw;
        }
    }

    /// <summary>Whether it searches vectors itself; as it was when it was opened.</summary>
    public VectorExtension Vectors { get; }

    /// <summary>For what is neither a read nor a write: listening to other processes.</summary>
    internal NpgsqlDataSource Source => _source;

    /// <summary>Whether a commit was lost on its way since the last call: it may have taken effect, and nobody was told what it changed.</summary>
    internal bool TakeDoubt() => _writing.TakeDoubt();

    /// <summary>What a database is, without changing it: where it is, the server's version, the version of its tables, 0 for none, and whether it searches vectors.</summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be reached.</exception>
    public static (string Place, string ServerVersion, long Version, VectorExtension Vectors) Look(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "vitrine", Pooling = false };
            using var connection = new NpgsqlConnection(settings.ToString());
            connection.Open();
            var version = connection.QueryNumber("SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_version'") == 0
                ? 0
                : connection.QueryNumber("SELECT COALESCE(MAX(version), 0) FROM schema_version");
            return (Describe(connectionString), connection.PostgreSqlVersion.ToString(), version, VectorExtension.Look(connection));
        }
        catch (Exception exception) when (IsOpeningTrouble(exception))
        {
            throw CannotBeOpened(connectionString, exception);
        }
    }

    public override SqlDialect Dialect => SqlDialect.Postgres;

    public override T Read<T>(Func<DbConnection, T> read)
    {
        try
        {
            using var connection = _source.OpenConnection();
            var answer = read(connection);
            _outages.End(OutageKind.DatabaseReading);
            return answer;
        }
        catch (Exception exception) when (exception is DbException or TimeoutException)
        {
            var told = $"The database cannot be read: {WordsOf(exception)}.";
            if (!IsUnavailable(exception) || IsConflict(exception))
                throw new DatabaseUnavailableException(told, exception);
            _outages.Begin(OutageKind.DatabaseReading, told);
            throw new DatabaseUnavailableException(told, exception) { IsTold = true };
        }
    }

    public override Task<T> WriteAsync<T>(Func<WriteTransaction, T> work, WriteUrgency urgency, CancellationToken cancellationToken) =>
        _writer.EnqueueAsync(work, urgency, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _writerSource.DisposeAsync();
        await _source.DisposeAsync();
    }

    /// <summary>
    /// Lost connections, a server that stops or has no room, a deadlock: what is right may succeed when it is tried again.
    /// </summary>
    internal static bool IsUnavailable(Exception exception) => exception switch
    {
        // Classes 08 connection, 40 rollback, 53 resources, 55 locks, 57 operator, 58 system.
        PostgresException { SqlState: var state } => state[..2] is "08" or "40" or "53" or "55" or "57" or "58",
        NpgsqlException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Two transactions were in each other's way: over at the next try.</summary>
    internal static bool IsConflict(Exception exception) => exception is PostgresException { SqlState: var state } && state[..2] is "40" or "55";

    private static bool IsOpeningTrouble(Exception exception) => exception is NpgsqlException or ArgumentException or TimeoutException;

    private static DatabaseUnavailableException CannotBeOpened(string connectionString, Exception exception) => new(
        $"The database {Describe(connectionString)} cannot be opened: {WordsOf(exception)}. Check that the server runs and that "
        + "host, database, user and password are right.",
        exception);

    /// <summary>What the server or the way to it says, without the full stop: of several hosts each, where the exception itself says only that there are more in it.</summary>
    internal static string WordsOf(Exception exception) => exception.InnerException is AggregateException { InnerExceptions: { Count: > 0 } each }
        ? string.Join("; ", each.Select(one => one.Message.TrimEnd('.')).Distinct())
        : exception.Message.TrimEnd('.');

    /// <summary>Host and database only: a connection string holds a password.</summary>
    internal static string Describe(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            var known = new[] { settings.Database ?? settings.Username, settings.Host }.Where(part => !string.IsNullOrEmpty(part)).ToList();
            return known.Count > 0 ? string.Join(" on ", known) : "(neither its name nor its host is given)";
        }
        catch (ArgumentException)
        {
            return "(the connection string cannot be read)";
        }
    }
}
