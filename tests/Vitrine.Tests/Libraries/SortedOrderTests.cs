using FsCheck;
using FsCheck.Fluent;
using Vitrine.Libraries;
using Xunit;

namespace Vitrine.Tests.Libraries;

public sealed class SortedOrderTests
{
    /// <summary>Many patches in a row over several chunks say what sorting everything anew does, and earlier orders stay as they were.</summary>
    [Fact]
    public void Patch_AnyChanges_EqualsSortingAnew() => Prop.ForAll<int, (short Id, byte Key, bool Gone)[][]>((size, patches) =>
    {
        var random = new Random(size);
        var keys = Enumerable.Range(1, Math.Abs(size) % 4_000).ToDictionary(id => (long)id, _ => Key(random.Next(300)));
        var order = Built(keys);
        foreach (var patch in patches)
        {
            var before = (Order: order, Ids: All(order, false));
            foreach (var (id, key, gone) in patch)
            {
                if (gone)
                    keys.Remove(Math.Abs((int)id));
                else
                    keys[Math.Abs((int)id)] = Key(key);
            }

            HashSet<long> changed = [.. patch.Select(change => (long)Math.Abs((int)change.Id))];
            order = order.Patch(new AssetIdSet(changed), [.. changed.Where(keys.ContainsKey).Select(id => new OrderEntry(keys[id], id)).Order()]);
            Assert.Equal(Expected(keys), All(order, false));
            Assert.Equal(before.Ids, All(before.Order, false));
            Assert.All(order.Chunks, chunk => Assert.InRange(chunk.Count, 1, OrderChunk.Most - 1));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Patch_NothingMoved_IsTheSameOrder()
    {
        var keys = Enumerable.Range(1, 1_500).ToDictionary(id => (long)id, id => Key(id % 7));
        var order = Built(keys);

        Assert.Same(order, order.Patch(new AssetIdSet([3, 700, 9_999]), [new OrderEntry(keys[700], 700), new OrderEntry(keys[3], 3)]));
    }

    [Fact]
    public void Patch_OneAsset_CopiesTheChunksItTouchesOnly()
    {
        var keys = Enumerable.Range(1, 100_000).ToDictionary(id => (long)id, id => OrderKey.OfNumber(id));
        var order = Built(keys);
        var moved = order.Patch(new AssetIdSet([5]), [new OrderEntry(OrderKey.OfNumber(50_000), 5)]);

        Assert.Equal(2, moved.Chunks.Except(order.Chunks).Count());
        Assert.Equal([49_999, 5, 50_000], moved.Slice(49_997, 3, descending: false));
    }

    [Fact]
    public void Patch_NearlyEverythingGone_JoinsWhatIsLeft()
    {
        var keys = Enumerable.Range(1, 50_000).ToDictionary(id => (long)id, id => OrderKey.OfNumber(id));
        long[] gone = [.. keys.Keys.Where(id => id % 100 != 0)];

        var left = Built(keys).Patch(new AssetIdSet(gone), []);

        Assert.Equal((500, 50_000), (left.Count, left.Slice(499, 1, descending: false).Single()));
        Assert.InRange(left.Chunks.Count, 1, 4);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_300, 0)]
    [InlineData(0, 1_300)]
    [InlineData(700, 900)]
    public void Slice_AnyOffsetBothWays_PutsTheUnknownLast(int known, int unknown)
    {
        var keys = Enumerable.Range(1, known).ToDictionary(id => (long)id, id => OrderKey.OfNumber(-id));
        foreach (var id in Enumerable.Range(known + 1, unknown))
            keys[id] = [1];
        var order = Built(keys);
        List<long> descending = [.. Expected(keys).Take(known).Reverse(), .. Expected(keys).Skip(known)];

        Assert.Equal((known + unknown, known), (order.Count, order.Known));
        foreach (var offset in new[] { 0, 1, 511, 512, 513, 699, 700, 701, known + unknown, known + unknown + 9 })
        {
            Assert.Equal(Expected(keys).Skip(offset).Take(600), order.Slice(offset, 600, descending: false));
            Assert.Equal(descending.Skip(offset).Take(600), order.Slice(offset, 600, descending: true));
        }
    }

    [Fact]
    public void Entries_KeysOfAnyLength_ComeBackWhole()
    {
        string[] names = ["", "a", "a", "ab", new('x', 200), new string('x', 400) + "y", new string('x', 400) + "z", new('z', 20_000), "\U0001F600.jpg"];
        OrderEntry[] entries = [.. names.Select((name, place) => new OrderEntry(OrderKey.OfText(name, ""), place)).Order()];
        var builder = new OrderBuilder();
        foreach (var entry in entries)
            builder.Add(entry);

        var back = builder.Build().Chunks.SelectMany(chunk => chunk.Entries()).ToList();

        Assert.Equal(entries.Select(entry => (Convert.ToHexString(entry.Key), entry.Id)), back.Select(entry => (Convert.ToHexString(entry.Key), entry.Id)));
    }

    [Fact]
    public void Chunks_AMillionNamesInOrder_TakeLittleForTheirKeys()
    {
        var keys = Enumerable.Range(1, 100_000).ToDictionary(id => (long)id, id => OrderKey.OfText($"holiday/IMG_{id:D7}.jpg", ""));

        Assert.InRange(Built(keys).Chunks.Sum(chunk => chunk.KeyBytes) / 100_000.0, 1, 9);
    }

    [Fact]
    public void OfShuffled_ManyIds_ArePermutedDifferentlyBySeed()
    {
        long[] Shuffled(long seed) => [.. Enumerable.Range(1, 5_000).Select(id => new OrderEntry(OrderKey.OfShuffled(id, seed), id)).Order().Select(entry => entry.Id)];

        Assert.Equal(Shuffled(1), Shuffled(1));
        Assert.NotEqual(Shuffled(1), Shuffled(2));
        Assert.Equal(Enumerable.Range(1, 5_000).Select(id => (long)id), Shuffled(3).Order());
        // No run of the order of arrival is left.
        Assert.InRange(Shuffled(4).Zip(Shuffled(4).Skip(1), (first, second) => second == first + 1 ? 1 : 0).Sum(), 0, 20);
    }

    private static byte[] Key(int value) => value % 10 == 0 ? [1] : OrderKey.OfNumber(value - 50);

    private static SortedOrder Built(Dictionary<long, byte[]> keys)
    {
        var builder = new OrderBuilder();
        foreach (var entry in keys.Select(pair => new OrderEntry(pair.Value, pair.Key)).Order())
            builder.Add(entry);
        return builder.Build();
    }

    private static List<long> Expected(Dictionary<long, byte[]> keys) =>
        [.. keys.OrderBy(pair => Convert.ToHexString(pair.Value), StringComparer.Ordinal).ThenBy(pair => pair.Key).Select(pair => pair.Key)];

    private static long[] All(SortedOrder order, bool descending) => order.Slice(0, int.MaxValue, descending);
}
