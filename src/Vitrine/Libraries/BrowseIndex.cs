using System.Collections.Concurrent;
using Vitrine.Caching;
using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>
/// Ordered asset ids per library, sort and query, so that page N of a million is a slice. The order of arrival is kept true as
/// assets come and go; any other order is a snapshot that is built at its first use and again aside when something changed,
/// while reads go on from the one before.
/// </summary>
/// <remarks>Thread-safe; readers take no lock that is held during work.</remarks>
public sealed class BrowseIndex : IDisposable
{
    /// <summary>Snapshots kept besides the orders of arrival: 8 MB each for a million assets.</summary>
    private const int MaxSnapshots = 16;

    /// <summary>Rows of a forgotten library are there until they are swept.</summary>
    private const string KnownSql = "EXISTS (SELECT 1 FROM libraries WHERE id = @library)";

    internal const string ArrivalSql = $"SELECT id FROM assets WHERE library_id = @library AND {KnownSql} ORDER BY id";

    private readonly Database _database;
    private readonly SnapshotRebuilder _rebuilder;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<long, Lazy<ArrivalOrder>> _arrivals = new();
    private readonly ConcurrentDictionary<(long LibraryId, AssetSort Sort, string Query), Snapshot<AssetOrder>> _snapshots = new();

    public BrowseIndex(Database database, Announcements announcements, SnapshotRebuilder rebuilder)
    {
        _database = database;
        _rebuilder = rebuilder;
        _subscription = announcements.Subscribe(Hear);
    }

    /// <summary>Snapshots in memory, for /api/stats.</summary>
    public IReadOnlyList<SnapshotStatistics> Statistics =>
        [.. _snapshots.Values.Select(snapshot => snapshot.Statistics).OrderBy(statistics => statistics.Name, StringComparer.Ordinal)];

    /// <summary>The ids of one page and the number of assets in the whole order.</summary>
    /// <param name="query">See <see cref="AssetFilter"/>; null or empty for everything.</param>
    /// <exception cref="FormatException">The query cannot be understood.</exception>
    public (long Total, long[] Ids) Page(long libraryId, AssetSort sort, bool descending, string? query, long offset, int limit)
    {
        var order = Order(libraryId, sort, query?.Trim() ?? "");
        return (order.Count, order.Slice(offset, limit, descending));
    }

    /// <summary>How many assets a library has.</summary>
    public long Count(long libraryId) => Arrivals(libraryId).Current.Count;

    public void Dispose() => _subscription.Dispose();

    private AssetOrder Order(long libraryId, AssetSort sort, string query)
    {
        if (sort == AssetSort.Added && query.Length == 0)
            return Arrivals(libraryId).Current;
        var key = (libraryId, sort, query);
        if (!_snapshots.TryGetValue(key, out var snapshot))
        {
            var filter = AssetFilter.Parse(query);
            snapshot = _snapshots.GetOrAdd(
                key,
                static (key, arguments) => new Snapshot<AssetOrder>(
                    $"browse index {key.LibraryId} {key.Sort} {key.Query}".ToLowerInvariant().TrimEnd(),
                    () => arguments.Index.Build(key.LibraryId, key.Sort, arguments.Filter),
                    order => order.Count),
                (Index: this, Filter: filter));
            Trim(key);
        }

        return snapshot.Read(_rebuilder);
    }

    private ArrivalOrder Arrivals(long libraryId)
    {
        var arrivals = _arrivals.GetOrAdd(libraryId, id => new Lazy<ArrivalOrder>(() => new ArrivalOrder(ArrivalIds(id))));
        try
        {
            return arrivals.Value;
        }
        catch (DatabaseUnavailableException)
        {
            // It would keep the failure: the next reader tries again.
            _arrivals.TryRemove(KeyValuePair.Create(libraryId, arrivals));
            throw;
        }
    }

    private long[] ArrivalIds(long libraryId) => [.. _database.Read(connection => connection.Query(
        ArrivalSql,
        row => row.GetInt64(0),
        ("@library", libraryId)))];

    private AssetOrder Build(long libraryId, AssetSort sort, AssetFilter filter)
    {
        var value = sort switch
        {
            AssetSort.Added => "a.id",
            AssetSort.Path => "f.path, a.name",
            AssetSort.Name => "a.name",
            AssetSort.Size => "a.size",
            AssetSort.Modified => "a.modified_at",
            AssetSort.Captured => "a.captured_at",
            AssetSort.Width => "a.width",
            AssetSort.Status => "a.status",
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "Not a sort."),
        };
        var (conditions, parameters) = filter.ToSql();
        var joins = (filter.Words.Count > 0 || sort == AssetSort.Path ? "JOIN folders f ON f.id = a.folder_id" : "")
            + (filter.Words.Count > 0 ? " LEFT JOIN asset_details d ON d.asset_id = a.id" : "");
        var where = conditions.Length > 0 ? $"AND {conditions}" : "";
        var unknown = sort is AssetSort.Captured or AssetSort.Width ? $"{value} IS NULL" : "0";
        var unknowns = 0;
        long[] ids = [.. _database.Read(connection => connection.Query(
            $"SELECT a.id, {unknown} FROM assets a {joins} WHERE a.library_id = @library AND {KnownSql} {where} ORDER BY 2, {value}, a.id",
            row =>
            {
                unknowns += row.GetInt32(1);
                return row.GetInt64(0);
            },
            [.. parameters, ("@library", libraryId)]))];
        return new AssetOrder(ids, ids.Length, ids.Length - unknowns);
    }

    private void Hear(Announcement announcement)
    {
        switch (announcement)
        {
            case Announcement.AssetsAdded added:
                // An order that nobody asked for yet is loaded when somebody does.
                if (_arrivals.TryGetValue(added.LibraryId, out var growing) && growing.IsValueCreated)
                    growing.Value.Append(added.AssetIds);
                else
                    _arrivals.TryRemove(added.LibraryId, out _);
                MarkStale(added.LibraryId);
                break;
            case Announcement.AssetsRemoved removed:
                if (_arrivals.TryGetValue(removed.LibraryId, out var shrinking) && shrinking.IsValueCreated)
                    shrinking.Value.Remove(removed.AssetIds);
                else
                    _arrivals.TryRemove(removed.LibraryId, out _);
                MarkStale(removed.LibraryId);
                break;
            case Announcement.AssetsChanged changed:
                MarkStale(changed.LibraryId);
                break;
            case Announcement.LibraryForgotten forgotten:
                _arrivals.TryRemove(forgotten.LibraryId, out _);
                foreach (var key in _snapshots.Keys.Where(key => key.LibraryId == forgotten.LibraryId))
                    _snapshots.TryRemove(key, out _);
                break;
        }
    }

    private void MarkStale(long libraryId)
    {
        foreach (var (key, snapshot) in _snapshots)
        {
            if (key.LibraryId == libraryId)
                snapshot.MarkStale();
        }
    }

    private void Trim((long LibraryId, AssetSort Sort, string Query) keep)
    {
        while (_snapshots.Count > MaxSnapshots)
        {
            var oldest = _snapshots.Where(pair => pair.Key != keep).MinBy(pair => pair.Value.LastRead);
            _snapshots.TryRemove(oldest.Key, out _);
        }
    }
}
