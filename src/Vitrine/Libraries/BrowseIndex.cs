using System.Collections.Concurrent;
using Vitrine.Caching;
using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>
/// Ordered asset ids per library, sort and query, so that page N of a million is a slice. The order of arrival is kept true as
/// assets come and go; any other order is read at its first use, and then patched aside as assets change, while reads go on from the
/// one before. Every swap is announced.
/// </summary>
/// <remarks>Thread-safe; readers take no lock, except the first of an order, who share one build.</remarks>
public sealed class BrowseIndex : IDisposable
{
    /// <summary>Orders kept besides those of arrival, at most; and ids in all of them together, at some 13 bytes each.</summary>
    private const int MostOrders = 16, MostIds = 4_000_000;

    /// <summary>An order is patched as assets change while it was read so lately.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(10);

    internal const string ArrivalSql = $"SELECT id FROM assets WHERE library_id = @library AND {OrderQuery.KnownSql} ORDER BY id";

    private readonly Database _database;
    private readonly SnapshotUpkeep _upkeep;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<long, Snapshot<ArrivalOrder>> _arrivals = new();
    private readonly ConcurrentDictionary<BrowseKey, BrowseOrder> _orders = new();

    public BrowseIndex(Database database, SnapshotUpkeep upkeep)
    {
        (_database, _upkeep) = (database, upkeep);
        _subscription = upkeep.Announcements.Subscribe(Hear);
    }

    /// <summary>Every order in memory, by name.</summary>
    public IReadOnlyList<SnapshotStatistics> Statistics =>
    [
        .. _arrivals.Values.Select(arrival => arrival.Statistics)
            .Concat(_orders.Values.Select(order => order.Snapshot.Statistics))
            .OrderBy(statistics => statistics.Name, StringComparer.Ordinal),
    ];

    /// <summary>Orders that are read for the first time now, by name: whoever asks for one of them waits.</summary>
    public IReadOnlyList<string> Loading =>
    [
        .. _arrivals.Values.Where(arrival => arrival.IsFirstLoading).Select(arrival => arrival.Name),
        .. _orders.Values.Where(order => order.Snapshot.IsFirstLoading).Select(order => order.Snapshot.Name),
    ];

    /// <summary>The ids of one page and the number of assets in the whole order.</summary>
    /// <param name="query">See <see cref="AssetFilter"/>; null or empty for everything.</param>
    /// <param name="seed">Of a random order; any other has none.</param>
    /// <exception cref="FormatException">The query cannot be understood.</exception>
    /// <exception cref="SnapshotLoadingException">The order is being read for the first time, and that takes long.</exception>
    public (long Total, long[] Ids) Page(
        long libraryId, AssetSort sort, bool descending, string? query, long offset, int limit, long seed = 0)
    {
        var order = Order(new BrowseKey(libraryId, sort, sort == AssetSort.Random ? seed : 0, query?.Trim() ?? ""));
        return (order.Count, order.Slice(offset, limit, descending));
    }

    /// <summary>How many assets a library has.</summary>
    public long Count(long libraryId) => Arrivals(libraryId).Read().Count;

    /// <summary>Walks the way of a first page over a library that there is none of, for the compiler's sake; nothing of it is kept.</summary>
    internal void WarmUp()
    {
        const long NoLibrary = 0;
        Page(NoLibrary, AssetSort.Added, descending: false, null, 0, 1);
        _arrivals.TryRemove(NoLibrary, out _);
    }

    public void Dispose() => _subscription.Dispose();

    private AssetOrder Order(BrowseKey key)
    {
        if (key is { Sort: AssetSort.Added, Query: "" })
            return Arrivals(key.LibraryId).Read();
        if (!_orders.TryGetValue(key, out var order))
        {
            order = _orders.GetOrAdd(
                key, static (key, index) => new BrowseOrder(key, new OrderQuery(index._database, key), index._upkeep), this);
            var read = order.Snapshot.Read();
            Trim(key);
            return read;
        }

        return order.Snapshot.Read();
    }

    private Snapshot<ArrivalOrder> Arrivals(long libraryId) => _arrivals.GetOrAdd(
        libraryId,
        static (id, index) => new Snapshot<ArrivalOrder>(
            new BrowseKey(id, AssetSort.Added, 0, "").ToString(), id, _ => new ArrivalOrder(index.ArrivalIds(id)), order => order.Count, index._upkeep),
        this);

    private long[] ArrivalIds(long libraryId) => [.. _database.Read(connection => connection.Query(
        ArrivalSql,
        row => row.GetInt64(0),
        ("@library", libraryId)))];

    private void Hear(Announcement announcement)
    {
        switch (announcement)
        {
            case Announcement.AssetsAdded added:
                if (_arrivals.TryGetValue(added.LibraryId, out var growing))
                    growing.Patch(order => order.Append(added.AssetIds));
                Changed(added.LibraryId, added.AssetIds);
                break;
            case Announcement.AssetsRemoved removed:
                if (_arrivals.TryGetValue(removed.LibraryId, out var shrinking))
                    shrinking.Patch(order => order.Remove(removed.AssetIds));
                Changed(removed.LibraryId, removed.AssetIds);
                break;
            case Announcement.AssetsChanged changed:
                Changed(changed.LibraryId, changed.AssetIds);
                break;
            case Announcement.LibraryReloaded reloaded:
                if (_arrivals.TryGetValue(reloaded.LibraryId, out var arrivals))
                    arrivals.Reload();
                foreach (var order in _orders.Where(order => order.Key.LibraryId == reloaded.LibraryId))
                    order.Value.EverythingChanged();
                break;
            case Announcement.LibraryForgotten forgotten:
                _arrivals.TryRemove(forgotten.LibraryId, out _);
                foreach (var key in _orders.Keys.Where(key => key.LibraryId == forgotten.LibraryId))
                    _orders.TryRemove(key, out _);
                break;
        }
    }

    private void Changed(long libraryId, IReadOnlyList<long> ids)
    {
        foreach (var (key, order) in _orders)
        {
            if (key.LibraryId != libraryId)
                continue;
            var lastRead = order.Snapshot.LastRead;
            if (lastRead >= 0 && _upkeep.Time.GetElapsedTime(lastRead) > s_kept)
                LetGo(key, order);
            else
                order.Changed(ids);
        }
    }

    /// <summary>Nobody seems to need it kept true; who still shows it is told to ask again, and then it is.</summary>
    private void LetGo(BrowseKey key, BrowseOrder order)
    {
        if (_orders.TryRemove(KeyValuePair.Create(key, order)))
            _upkeep.Announcements.Announce(new Announcement.CacheChanged(order.Snapshot.Name, key.LibraryId, 0));
    }

    /// <summary>Lets go of the orders that were not read for longest.</summary>
    private void Trim(BrowseKey keep)
    {
        while (_orders.Count > MostOrders || (_orders.Count > 1 && _orders.Values.Sum(order => order.Snapshot.CurrentOrNull?.Count ?? 0) > MostIds))
        {
            var oldest = _orders.Where(pair => pair.Key != keep).MinBy(pair => pair.Value.Snapshot.LastRead);
            if (oldest.Value is null)
                return;
            _orders.TryRemove(oldest);
        }
    }
}
