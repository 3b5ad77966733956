using System.Collections.Frozen;

namespace Vitrine.Libraries;

/// <summary>
/// The order in which assets arrived, which is the order of their ids: it only grows at the end, so a running scan appends
/// while readers hold their window.
/// </summary>
/// <remarks>Thread-safe: one writer at a time under the lock, readers take a copy of two fields.</remarks>
internal sealed class ArrivalOrder(long[] ids)
{
    private readonly Lock _gate = new();
    private long[] _ids = ids;
    private int _count = ids.Length;

    public AssetOrder Current
    {
        get
        {
            lock (_gate)
                return new AssetOrder(_ids, _count);
        }
    }

    /// <summary>Ids that are there already are passed over: they came with the loading that ran at the same time.</summary>
    public void Append(IReadOnlyList<long> added)
    {
        lock (_gate)
        {
            var last = _count == 0 ? 0 : _ids[_count - 1];
            if (_count + added.Count > _ids.Length)
                Array.Resize(ref _ids, Math.Max(_count + added.Count, _ids.Length * 2));
            foreach (var id in added)
            {
                if (id > last)
                    _ids[_count++] = id;
            }
        }
    }

    public void Remove(IEnumerable<long> removed)
    {
        var gone = removed.ToFrozenSet();
        lock (_gate)
        {
            // A new array: windows that readers hold stay as they were.
            _ids = [.. _ids.Take(_count).Where(id => !gone.Contains(id))];
            _count = _ids.Length;
        }
    }
}
