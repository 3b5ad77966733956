using FsCheck;
using FsCheck.Fluent;
using Vitrine.Libraries;
using Xunit;

namespace Vitrine.Tests.Libraries;

public sealed class AssetIdSetTests
{
    [Fact]
    public void Contains_AnyIds_EqualsASet() => Prop.ForAll<int[], int[]>((ids, asked) =>
    {
        var set = new AssetIdSet([.. ids.Select(id => (long)id)]);
        return asked.Concat(ids).All(id => set.Contains(id) == ids.Contains(id)) && set.ContainsAny([.. asked.Select(id => (long)id)]) == asked.Any(ids.Contains);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(new long[] { })]
    [InlineData(new[] { 1L, long.MaxValue })]
    [InlineData(new[] { long.MinValue, 0L, long.MaxValue })]
    [InlineData(new[] { 63L, 64L, 127L, 128L })]
    public void Contains_NearAndFarIds_FindsThoseThatAreIn(long[] ids)
    {
        var set = new AssetIdSet(ids);

        Assert.All(ids, id => Assert.True(set.Contains(id)));
        Assert.All([2L, 62L, 65L, 129L, long.MaxValue - 1], id => Assert.False(set.Contains(id)));
    }
}
