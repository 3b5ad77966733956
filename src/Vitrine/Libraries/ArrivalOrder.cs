using System.Collections.Frozen;

namespace Vitrine.Libraries;

/// <summary>
/// The order in which assets arrived, which is the order of their ids: it only grows at the end, so a running scan appends
/// while readers hold their window.
/// </summary>
/// <remarks>Immutable for its readers: what is appended lies behind their window. Appending and removing are for one thread at a time.</remarks>
internal sealed class ArrivalOrder : AssetOrder
{
    private readonly Room _room;
    private readonly int _count;

    /// <param name="ids">Ascending.</param>
    public ArrivalOrder(long[] ids)
        : this(new Room(ids, ids.Length), ids.Length)
    {
    }

    private ArrivalOrder(Room room, int count) => (_room, _count) = (room, count);

    public override int Count => _count;

    /// <summary>
    /// With more at the end. Ids that are there already are passed over: they came with the loading that ran at the same time. Only what
    /// another process added may come late and belong before the end.
    /// </summary>
    public ArrivalOrder Append(IReadOnlyList<long> added)
    {
        var last = _count == 0 ? 0 : _room.Ids[_count - 1];
        if (added.Any(id => id <= last && Array.BinarySearch(_room.Ids, 0, _count, id) < 0))
            return new ArrivalOrder([.. _room.Ids.Take(_count).Union(added).Order()]);
        var fresh = added.Where(id => id > last).ToArray();
        if (fresh.Length == 0)
            return this;
        var room = _room;
        var count = _count + fresh.Length;
        // Only the latest window may write behind itself: behind another one lies what came after it.
        if (room.Used != _count || count > room.Ids.Length)
        {
            room = new Room(new long[Math.Max(count, _count * 2)], _count);
            _room.Ids.AsSpan(0, _count).CopyTo(room.Ids);
        }

        fresh.CopyTo(room.Ids, _count);
        room.Used = count;
        return new ArrivalOrder(room, count);
    }

    public ArrivalOrder Remove(IEnumerable<long> removed)
    {
        var gone = removed.ToFrozenSet();
        long[] left = [.. _room.Ids.Take(_count).Where(id => !gone.Contains(id))];
        return left.Length == _count ? this : new ArrivalOrder(left);
    }

    public override long[] Slice(long offset, int limit, bool descending)
    {
        if (offset >= _count)
            return [];
        var length = (int)Math.Min(limit, _count - offset);
        var from = descending ? _count - (int)offset - length : (int)offset;
        var slice = _room.Ids.AsSpan(from, length).ToArray();
        if (descending)
            slice.AsSpan().Reverse();
        return slice;
    }

    /// <summary>Shared by windows that grew out of each other.</summary>
    private sealed class Room(long[] ids, int used)
    {
        public long[] Ids => ids;

        public int Used { get; set; } = used;
    }
}
