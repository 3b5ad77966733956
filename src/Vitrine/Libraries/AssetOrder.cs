namespace Vitrine.Libraries;

/// <summary>Asset ids of a library in one order, immutable, of which any page is a slice.</summary>
internal abstract class AssetOrder
{
    public abstract int Count { get; }

    /// <summary>
    /// The ids from <paramref name="offset"/> on; where <paramref name="descending"/>, backwards. What the order is by may be unknown for
    /// some: those come last, whichever way it is read.
    /// </summary>
    public abstract long[] Slice(long offset, int limit, bool descending);
}
