using System.Collections.Frozen;

namespace Vitrine.Libraries;

/// <summary>
/// Ids to look for among very many: a bit each where they lie close together, so that a million are looked through in about a millisecond.
/// </summary>
internal sealed class AssetIdSet
{
    /// <summary>8 MB of bits.</summary>
    private const ulong WidestBits = 1 << 26;

    private readonly long _lowest;
    private readonly ulong _span;
    private readonly ulong[]? _bits;
    private readonly FrozenSet<long> _others = [];

    public AssetIdSet(IReadOnlyCollection<long> ids)
    {
        if (ids.Count == 0)
            return;
        _lowest = ids.Min();
        _span = (ulong)(ids.Max() - _lowest);
        if (_span >= WidestBits)
        {
            _others = ids.ToFrozenSet();
            return;
        }

        _bits = new ulong[(_span / 64) + 1];
        foreach (var id in ids)
            _bits[(id - _lowest) >> 6] |= 1UL << (int)((id - _lowest) & 63);
    }

    public bool Contains(long id)
    {
        var place = (ulong)(id - _lowest); // below the lowest it wraps to above the span
        return place <= _span && (_bits is { } bits ? (bits[place >> 6] >> (int)(place & 63) & 1) != 0 : _others.Contains(id));
    }

    public bool ContainsAny(ReadOnlySpan<long> ids)
    {
        foreach (var id in ids)
        {
            if (Contains(id))
                return true;
        }

        return false;
    }
}
