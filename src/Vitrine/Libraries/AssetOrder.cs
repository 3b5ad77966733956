namespace Vitrine.Libraries;

/// <summary>
/// Asset ids of a library in one order: an immutable window over an array, so that any page is a slice. What the order is by may be
/// unknown for some; those come last, whichever way it is read.
/// </summary>
/// <param name="ids">The known ones ascending, then the unknown ones; may be longer than <paramref name="count"/>: the rest is not part of this order.</param>
/// <param name="count">Ids in the order.</param>
/// <param name="known">How many of them are known; at most <paramref name="count"/>.</param>
public readonly struct AssetOrder(long[] ids, int count, int known)
{
    /// <summary>An order by something that every asset has.</summary>
    public AssetOrder(long[] ids, int count)
        : this(ids, count, count)
    {
    }

    public int Count => count;

    /// <summary>The ids from <paramref name="offset"/> on; where <paramref name="descending"/>, the known ones backwards.</summary>
    public long[] Slice(long offset, int limit, bool descending)
    {
        if (offset >= count)
            return [];
        var slice = ids.AsSpan((int)offset, (int)Math.Min(limit, count - offset)).ToArray();
        for (var place = 0; descending && place < slice.Length && offset + place < known; place++)
            slice[place] = ids[known - 1 - offset - place];
        return slice;
    }
}
