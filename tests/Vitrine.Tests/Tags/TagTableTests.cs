using FsCheck;
using FsCheck.Fluent;
using Vitrine.Tags;
using Xunit;

namespace Vitrine.Tests.Tags;

public sealed class TagTableTests
{
    private static readonly string[] s_prefixes = ["", "a", "A1", "b2", "zz"];

    private static readonly int[] s_limits = [1, 3, 100];

    [Fact]
    public void With_AnyChanges_EqualsATableMadeAnew() => Prop.ForAll<(byte Id, byte Assets)[], byte>((changes, split) =>
    {
        var now = new Dictionary<long, TagCount>();
        var table = new TagTable([]);
        foreach (var some in changes.Chunk(1 + (split % 5)))
        {
            var changed = some.Select(change => Tag(change.Id % 30, change.Assets % 4)).ToList();
            foreach (var tag in changed)
                now[tag.Id] = tag;
            table = table.With(changed);
        }

        var anew = new TagTable(now.Values);
        return table.Count == anew.Count
            && s_prefixes.All(prefix => s_limits.All(limit => Same(table.Find(prefix, limit), Expected(now.Values, prefix, limit))));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Find_NamesThatDifferInCaseOnly_KeepsBoth()
    {
        var table = new TagTable([new TagCount(1, "\u00C9t\u00E9", "general", 2), new TagCount(2, "\u00E9t\u00E9", "general", 1)]);

        Assert.Equal([1, 2], table.Find("\u00E9", 10).Tags.Select(tag => tag.Id));
        Assert.Equal(1, table.With([new TagCount(1, "\u00C9t\u00E9", "general", 0)]).Find("\u00C9", 10).Total);
    }

    private static TagCount Tag(int id, int assets) => new(id, $"{(id % 2 == 0 ? "A" : "b")}{id}", "general", assets);

    private static (int Total, IReadOnlyList<TagCount> Tags) Expected(IEnumerable<TagCount> tags, string prefix, int limit)
    {
        var found = tags.Where(tag => tag.Assets > 0 && tag.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
        return (found.Count, [.. found.OrderByDescending(tag => tag.Assets).ThenBy(tag => tag.Name, StringComparer.OrdinalIgnoreCase).ThenBy(tag => tag.Id).Take(limit)]);
    }

    private static bool Same((int Total, IReadOnlyList<TagCount> Tags) found, (int Total, IReadOnlyList<TagCount> Tags) expected) =>
        found.Total == expected.Total && found.Tags.SequenceEqual(expected.Tags);
}
