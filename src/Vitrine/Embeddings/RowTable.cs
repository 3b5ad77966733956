namespace Vitrine.Embeddings;

/// <summary>
/// Finds the row of an asset: a hash table that holds row numbers only and reads the ids from the rows themselves, at 5 to 11 bytes per
/// asset (a dictionary takes 28 or more). Open addressing, linear probing; a removal closes the gap, so that there are no tombstones.
/// </summary>
/// <param name="assetIdOf">The asset in a row.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class RowTable(Func<int, long> assetIdOf)
{
    private const int Empty = -1;

    private int[] _slots = NewSlots(64);

    public int Count { get; private set; }

    /// <summary>The row, or -1.</summary>
    public int Find(long assetId) => _slots[SlotOf(assetId)];

    /// <summary>Puts the asset at the row, whether it was known or not. The row must hold its id already.</summary>
    public void Set(long assetId, int row)
    {
        var slot = SlotOf(assetId);
        if (_slots[slot] == Empty)
        {
            if ((Count + 1) * 4L > _slots.Length * 3L)
            {
                Grow();
                slot = SlotOf(assetId);
            }

            Count++;
        }

        _slots[slot] = row;
    }

    public void Remove(long assetId)
    {
        var gap = SlotOf(assetId);
        if (_slots[gap] == Empty)
            return;
        Count--;
        var mask = _slots.Length - 1;
        for (var slot = (gap + 1) & mask; _slots[slot] != Empty; slot = (slot + 1) & mask)
        {
            // An entry may move into the gap unless that is before the place where a search for it starts.
            var home = Home(assetIdOf(_slots[slot]), mask);
            if (((slot - home) & mask) < ((slot - gap) & mask))
                continue;
            _slots[gap] = _slots[slot];
            gap = slot;
        }

        _slots[gap] = Empty;
    }

    private int SlotOf(long assetId)
    {
        var mask = _slots.Length - 1;
        var slot = Home(assetId, mask);
        while (_slots[slot] != Empty && assetIdOf(_slots[slot]) != assetId)
            slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        var before = _slots;
        _slots = NewSlots(before.Length * 2);
        foreach (var row in before)
        {
            if (row != Empty)
                _slots[SlotOf(assetIdOf(row))] = row;
        }
    }

    /// <summary>Fibonacci hashing (Knuth, TAOCP volume 3, 6.4): multiplies by 2^64 / φ and takes high bits.</summary>
    private static int Home(long assetId, int mask) => (int)(((ulong)assetId * 0x9E3779B97F4A7C15) >> 32) & mask;

    private static int[] NewSlots(int length)
    {
        var slots = new int[length];
        Array.Fill(slots, Empty);
        return slots;
    }
}
