using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine;

/// <summary>What a database holds, read while no server serves it: no folder is made, nothing is migrated, claimed, swept or begun.</summary>
/// <remarks>Progress is what was last committed, without a rate.</remarks>
internal sealed class VitrineReader : IDisposable
{
    private readonly ReadOnlyDatabase _database;

    private VitrineReader(ReadOnlyDatabase database, VitrineOptions options)
    {
        _database = database;
        Time = TimeOf(database);
        var announcements = new Announcements(NullLogger<Announcements>.Instance);
        Progress = new ProgressBoard(Time);
        var counters = new ProgressStore(Progress, Time);
        database.Read(connection =>
        {
            counters.Load(connection);
            return true;
        });
        Libraries = new LibraryStore(database, counters, announcements, Time, RootMap.Parse(options.RootMap));
        Followed = new FollowedLibraries(announcements);
        Assets = new AssetStore(database);
        Failures = new FailureStore(database);
        Jobs = new JobStore(database, Time);
        Workers = new WorkerStore(database, Time, options.Work);
    }

    /// <summary>Whether several processes may work on the database, or only the one that holds the data folder.</summary>
    public bool IsShared => _database.Dialect.IsPostgres;

    /// <summary>The clock that stored times are by.</summary>
    public TimeProvider Time { get; }

    public ProgressBoard Progress { get; }

    public LibraryStore Libraries { get; }

    /// <summary>Nothing is followed while no server runs.</summary>
    public FollowedLibraries Followed { get; }

    public AssetStore Assets { get; }

    public FailureStore Failures { get; }

    public JobStore Jobs { get; }

    public WorkerStore Workers { get; }

    /// <returns>Null where there is no database yet.</returns>
    /// <exception cref="DatabaseUnavailableException">It is damaged, of another version than this program's, or cannot be read.</exception>
    public static VitrineReader? OpenOrNull(VitrineOptions options)
    {
        var database = options.Database is { } connection
            ? ReadOnlyDatabase.OpenPostgresOrNull(connection)
            : ReadOnlyDatabase.OpenSqliteOrNull(Path.Join(options.DataFolder, DatabaseFile.Name));
        try
        {
            return database is null ? null : new VitrineReader(database, options);
        }
        catch
        {
            database?.Dispose();
            throw;
        }
    }

    /// <summary>What a query finds in a library, by path.</summary>
    /// <exception cref="FormatException">The query cannot be understood.</exception>
    public SortedOrder Search(long libraryId, string query) => new OrderQuery(_database, new BrowseKey(libraryId, AssetSort.Path, Seed: 0, query)).ReadAll();

    public void Dispose() => _database.Dispose();

    private static TimeProvider TimeOf(ReadOnlyDatabase database)
    {
        if (!database.Dialect.IsPostgres)
            return TimeProvider.System;
        var clock = new SharedClock(database, TimeProvider.System);
        clock.Measure();
        return clock;
    }
}
