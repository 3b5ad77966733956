using Vitrine.Images.Metadata;
using Xunit;

namespace Vitrine.Tests.Images.Metadata;

public sealed class PlausibleValuesTests
{
    [Fact]
    public void Keywords_LongOnesAndVeryMany_AreLimitedOneByOneAndTogether()
    {
        Assert.Equal(["a", new string('x', 500), "b"], PlausibleValues.Keywords(["a", new string('x', 500), new string('x', 501), "b"]));
        Assert.Equal(100, PlausibleValues.Keywords(Enumerable.Range(0, 200).Select(i => $"{i:d3}{new string('x', 497)}"))!.Count); // 50,000 letters
        Assert.Equal(1_000, PlausibleValues.Keywords(Enumerable.Range(0, 2_000).Select(i => $"{i}"))!.Count);
        Assert.Null(PlausibleValues.Keywords([new string('x', 501)]));
    }
}
