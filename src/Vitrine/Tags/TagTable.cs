using System.Collections.Immutable;

namespace Vitrine.Tags;

/// <summary>Every tag that an asset has, by name. Immutable; one tag more or less is O(log n).</summary>
internal sealed class TagTable
{
    private readonly ImmutableSortedSet<TagCount> _byName;
    private readonly ImmutableDictionary<long, TagCount> _byId;

    public TagTable(IEnumerable<TagCount> tags)
    {
        _byId = tags.Where(tag => tag.Assets > 0).ToImmutableDictionary(tag => tag.Id);
        _byName = _byId.Values.ToImmutableSortedSet(ByName.Order);
    }

    private TagTable(ImmutableSortedSet<TagCount> byName, ImmutableDictionary<long, TagCount> byId) => (_byName, _byId) = (byName, byId);

    public int Count => _byName.Count;

    /// <summary>With these tags as they are now; one that no asset has any more is gone.</summary>
    public TagTable With(IReadOnlyList<TagCount> changed)
    {
        var (byName, byId) = (_byName, _byId);
        foreach (var tag in changed)
        {
            var before = byId.GetValueOrDefault(tag.Id);
            if (before is not null)
                byName = byName.Remove(before);
            byId = tag.Assets > 0 ? byId.SetItem(tag.Id, tag) : byId.Remove(tag.Id);
            if (tag.Assets > 0)
                byName = byName.Add(tag);
        }

        return ReferenceEquals(byId, _byId) ? this : new TagTable(byName, byId);
    }

    /// <summary>The tags whose names begin so, those of most assets first, then by name; and how many there are.</summary>
    public (int Total, IReadOnlyList<TagCount> Tags) Find(string prefix, int limit)
    {
        // No tag has this id: it is where the prefix would stand.
        var from = ~_byName.IndexOf(new TagCount(long.MinValue, prefix, "", 0));
        var most = new PriorityQueue<TagCount, TagCount>(ByUse.Reversed);
        var total = 0;
        for (var place = from; place < _byName.Count; place++)
        {
            var tag = _byName[place];
            if (!tag.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                break;
            total++;
            most.Enqueue(tag, tag);
            if (most.Count > limit)
                most.Dequeue();
        }

        return (total, [.. most.UnorderedItems.Select(item => item.Element).Order(ByUse.Order)]);
    }

    private sealed class ByName : IComparer<TagCount>
    {
        public static ByName Order { get; } = new();

        /// <summary>Upper and lower case are the same; a few letters that fold differently in the database may give two tags one place here.</summary>
        public int Compare(TagCount? x, TagCount? y)
        {
            var byName = StringComparer.OrdinalIgnoreCase.Compare(x!.Name, y!.Name);
            return byName != 0 ? byName : x.Id.CompareTo(y.Id);
        }
    }

    private sealed class ByUse(int sign) : IComparer<TagCount>
    {
        public static ByUse Order { get; } = new(1);

        public static ByUse Reversed { get; } = new(-1);

        public int Compare(TagCount? x, TagCount? y)
        {
            var byUse = y!.Assets.CompareTo(x!.Assets);
            return sign * (byUse != 0 ? byUse : ByName.Order.Compare(x, y));
        }
    }
}
