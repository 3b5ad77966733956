namespace Vitrine.Libraries;

/// <summary>
/// An order by a key that may change, in chunks: a page is found in O(log n), and a patch copies only the chunks it touches.
/// </summary>
/// <remarks>Immutable.</remarks>
internal sealed class SortedOrder : AssetOrder
{
    private readonly OrderChunk[] _chunks;

    /// <summary>Where each chunk begins.</summary>
    private readonly int[] _starts;

    public SortedOrder(OrderChunk[] chunks)
    {
        _chunks = chunks;
        _starts = new int[chunks.Length];
        for (var chunk = 0; chunk < chunks.Length; chunk++)
        {
            _starts[chunk] = Count;
            Count += chunks[chunk].Count;
            Known += chunks[chunk].Known;
        }
    }

    public override int Count { get; }

    /// <summary>How many have a known key; they come first.</summary>
    public int Known { get; }

    public IReadOnlyList<OrderChunk> Chunks => _chunks;

    public override long[] Slice(long offset, int limit, bool descending)
    {
        if (offset >= Count)
            return [];
        var slice = new long[(int)Math.Min(limit, Count - offset)];
        var backwards = descending ? (int)Math.Clamp(Known - offset, 0, slice.Length) : 0;
        Copy(Known - (int)offset - backwards, slice.AsSpan(0, backwards));
        slice.AsSpan(0, backwards).Reverse();
        Copy((int)offset + backwards, slice.AsSpan(backwards));
        return slice;
    }

    /// <summary>The order after some assets changed.</summary>
    /// <param name="changed">All that may have changed, gone or come.</param>
    /// <param name="now">Those of them that belong in the order, as they are now, sorted.</param>
    /// <returns>This same order when nothing moved.</returns>
    public SortedOrder Patch(AssetIdSet changed, IReadOnlyList<OrderEntry> now)
    {
        var arriving = now.ToDictionary(entry => entry.Id, entry => entry.Key);
        var leaving = new HashSet<long>();
        var touched = new HashSet<int>();
        for (var chunk = 0; chunk < _chunks.Length; chunk++)
        {
            if (!changed.ContainsAny(_chunks[chunk].Ids))
                continue;
            foreach (var (key, id) in _chunks[chunk].Entries())
            {
                if (!changed.Contains(id))
                    continue;
                if (arriving.TryGetValue(id, out var keyNow) && keyNow.AsSpan().SequenceEqual(key))
                    arriving.Remove(id); // it stays where it is
                else if (leaving.Add(id))
                    touched.Add(chunk);
            }
        }

        return arriving.Count == 0 && leaving.Count == 0 ? this : Merge(leaving, touched, [.. now.Where(entry => arriving.ContainsKey(entry.Id))]);
    }

    private SortedOrder Merge(HashSet<long> leaving, HashSet<int> touched, OrderEntry[] arriving)
    {
        var builder = new OrderBuilder();
        var next = 0;
        for (var chunk = 0; chunk < _chunks.Length; chunk++)
        {
            var end = next;
            while (end < arriving.Length && (chunk == _chunks.Length - 1 || arriving[end].CompareTo(_chunks[chunk + 1].First) < 0))
                end++;
            if (end == next && !touched.Contains(chunk))
            {
                builder.Keep(_chunks[chunk]);
                continue;
            }

            foreach (var entry in _chunks[chunk].Entries())
            {
                if (leaving.Contains(entry.Id))
                    continue;
                while (next < end && arriving[next].CompareTo(entry) < 0)
                    builder.Add(arriving[next++]);
                builder.Add(entry);
            }

            while (next < end)
                builder.Add(arriving[next++]);
        }

        while (next < arriving.Length)
            builder.Add(arriving[next++]);
        return builder.Build();
    }

    private void Copy(int from, Span<long> to)
    {
        if (to.IsEmpty)
            return;
        var found = Array.BinarySearch(_starts, from);
        for (var chunk = found >= 0 ? found : ~found - 1; !to.IsEmpty; chunk++)
        {
            var ids = _chunks[chunk].Ids[(from - _starts[chunk])..];
            var length = Math.Min(ids.Length, to.Length);
            ids[..length].CopyTo(to);
            to = to[length..];
            from += length;
        }
    }
}
