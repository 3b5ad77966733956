namespace Vitrine.Libraries;

/// <summary>
/// A run of an order: ids to slice, and the keys they stand by, each as what it does not share with the one before. A sorted run shares
/// most: a million file names take some 5 MB.
/// </summary>
/// <param name="ids">At least one.</param>
/// <param name="keys">Per entry: bytes shared with the key before (0 to 255), bytes of its own (7 bits a byte, the high bit says that more follow), these bytes.</param>
/// <param name="first">The first key, whole.</param>
/// <param name="known">How many keys are known ones; they come first.</param>
internal sealed class OrderChunk(long[] ids, byte[] keys, byte[] first, int known)
{
    /// <summary>Entries in a chunk that was built: a patch copies about this many for each place it touches.</summary>
    public const int Usual = 512;

    /// <summary>A chunk that grew to this is split.</summary>
    public const int Most = 2 * Usual;

    /// <summary>A chunk that a patch left with less is joined to its neighbour.</summary>
    public const int Least = 128;

    public int Count => ids.Length;

    public int Known => known;

    public ReadOnlySpan<long> Ids => ids;

    public OrderEntry First => new(first, ids[0]);

    /// <summary>Bytes of the keys, for tests.</summary>
    public int KeyBytes => keys.Length;

    public IEnumerable<OrderEntry> Entries()
    {
        byte[] before = [];
        var place = 0;
        foreach (var id in ids)
        {
            int shared = keys[place++];
            var own = 0;
            var shift = 0;
            byte part;
            do
            {
                part = keys[place++];
                own |= (part & 0x7F) << shift;
                shift += 7;
            }
            while (part > 0x7F);
            if (own > 0 || shared < before.Length)
            {
                var key = new byte[shared + own];
                before.AsSpan(0, shared).CopyTo(key);
                keys.AsSpan(place, own).CopyTo(key.AsSpan(shared));
                place += own;
                before = key;
            }

            yield return new OrderEntry(before, id);
        }
    }
}
