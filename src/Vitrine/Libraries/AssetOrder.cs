namespace Vitrine.Libraries;

/// <summary>Asset ids of a library in one order: an immutable window over an array, so that any page is a slice.</summary>
/// <param name="ids">May be longer than <paramref name="count"/>: what lies behind is not part of this order.</param>
public readonly struct AssetOrder(long[] ids, int count)
{
    public int Count => count;

    /// <summary>The ids from <paramref name="offset"/> on, backwards from the end where <paramref name="descending"/>.</summary>
    public long[] Slice(long offset, int limit, bool descending)
    {
        if (offset >= count)
            return [];
        var length = (int)Math.Min(limit, count - offset);
        if (!descending)
            return ids.AsSpan((int)offset, length).ToArray();
        var slice = ids.AsSpan(count - (int)offset - length, length).ToArray();
        Array.Reverse(slice);
        return slice;
    }
}
