using System.Buffers;

namespace Vitrine.Libraries;

/// <summary>Puts an order together from entries and from whole chunks of an earlier one, all in their order.</summary>
internal sealed class OrderBuilder
{
    private const int MostShared = 255;

    private readonly List<OrderChunk> _chunks = [];
    private readonly ArrayBufferWriter<byte> _keys = new();
    private readonly List<OrderEntry> _entries = new(OrderChunk.Most);

    public void Add(OrderEntry entry)
    {
        _entries.Add(entry);
        // In the middle: a last entry alone would have to be joined to the next chunk, and that one's last to the next…
        if (_entries.Count == OrderChunk.Most)
            Flush(OrderChunk.Usual);
    }

    /// <summary>A chunk as it is; joined to what was added where that is little.</summary>
    public void Keep(OrderChunk chunk)
    {
        if (_entries.Count is > 0 and < OrderChunk.Least)
        {
            foreach (var entry in chunk.Entries())
                Add(entry);
            return;
        }

        Flush(_entries.Count);
        _chunks.Add(chunk);
    }

    public SortedOrder Build()
    {
        Flush(_entries.Count);
        return new SortedOrder([.. _chunks]);
    }

    private void Flush(int count)
    {
        if (count == 0)
            return;
        var ids = new long[count];
        var known = 0;
        byte[] before = [];
        for (var place = 0; place < count; place++)
        {
            (var key, ids[place]) = _entries[place];
            known += OrderKey.IsKnown(key) ? 1 : 0;
            Encode(key, before);
            before = key;
        }

        _chunks.Add(new OrderChunk(ids, _keys.WrittenSpan.ToArray(), _entries[0].Key, known));
        _keys.ResetWrittenCount();
        _entries.RemoveRange(0, count);
    }

    private void Encode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> before)
    {
        var shared = Math.Min(MostShared, key.CommonPrefixLength(before));
        _keys.Write([(byte)shared]);
        var own = key.Length - shared;
        for (; own > 0x7F; own >>= 7)
            _keys.Write([(byte)(own & 0x7F | 0x80)]);
        _keys.Write([(byte)own]);
        _keys.Write(key[shared..]);
    }
}
