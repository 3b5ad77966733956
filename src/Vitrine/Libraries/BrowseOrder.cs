using Vitrine.Caching;
using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>
/// One kept order. What changes is noted, and a moment later asked of the database and moved within the order; where very much changed,
/// the whole order is read again. Both happen aside.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BrowseOrder
{
    /// <summary>More changes than this share of an order are not worth a patch: reading it whole costs about as much.</summary>
    private const int WorthAPatch = 16;

    private const int AlwaysWorthAPatch = 2_000;

    private readonly OrderQuery _query;
    private readonly Lock _gate = new();
    private HashSet<long> _changed = [];
    private bool _everything;

    public BrowseOrder(BrowseKey key, OrderQuery query, SnapshotUpkeep upkeep)
    {
        _query = query;
        Snapshot = new Snapshot<SortedOrder>(key.ToString(), key.LibraryId, Build, order => order.Count, upkeep);
    }

    public Snapshot<SortedOrder> Snapshot { get; }

    /// <summary>Assets that came, changed or went.</summary>
    public void Changed(IReadOnlyList<long> ids)
    {
        var worth = Math.Max(AlwaysWorthAPatch, (Snapshot.CurrentOrNull?.Count ?? 0) / WorthAPatch);
        lock (_gate)
        {
            if (_everything)
                return;
            if (_changed.Count + ids.Count > worth)
                (_everything, _changed) = (true, []);
            else
                _changed.UnionWith(ids);
        }

        Snapshot.Reload();
    }

    public void EverythingChanged()
    {
        lock (_gate)
            (_everything, _changed) = (true, []);
        Snapshot.Reload();
    }

    private SortedOrder Build(SortedOrder? before)
    {
        HashSet<long> changed;
        bool everything;
        lock (_gate)
        {
            (changed, everything) = (_changed, _everything || before is null);
            (_changed, _everything) = ([], false);
        }

        try
        {
            // The rows are read after the changes were taken: what changes from here on is noted for the next time.
            return everything ? _query.ReadAll() : before!.Patch(new AssetIdSet(changed), _query.Read(changed));
        }
        catch (DatabaseUnavailableException)
        {
            lock (_gate)
            {
                _everything |= everything;
                _changed.UnionWith(changed);
            }

            throw;
        }
    }
}
