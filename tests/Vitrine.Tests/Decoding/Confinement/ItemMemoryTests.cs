using Vitrine.Decoding.Confinement;
using Xunit;

namespace Vitrine.Tests.Decoding.Confinement;

public sealed class ItemMemoryTests
{
    [Theory]
    [InlineData(1, 4, 512)]
    [InlineData(4, 2, 1024)]
    [InlineData(8, 2, 2048)]
    [InlineData(12, 4, 2048)]
    [InlineData(36, 16, 2048)]
    [InlineData(512, 8, 4096)]
    public void Share_OfTheMachine_IsNeverMoreThanAQuarterNorThanAllCanHave(long machineGibibytes, int processes, long mebibytes) =>
        Assert.Equal(mebibytes << 20, ItemMemory.Share(machineGibibytes << 30, processes));
}
