namespace Vitrine.Libraries;

/// <summary>An asset's place in an order: by its key's bytes, then by its id.</summary>
/// <param name="Key">As <see cref="OrderKey"/> makes it.</param>
internal readonly record struct OrderEntry(byte[] Key, long Id) : IComparable<OrderEntry>
{
    public int CompareTo(OrderEntry other)
    {
        var byKey = Key.AsSpan().SequenceCompareTo(other.Key);
        return byKey != 0 ? byKey : Id.CompareTo(other.Id);
    }
}
