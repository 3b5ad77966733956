using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Faults;

public sealed class LostDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _data = new("vitrine-data-");

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Terminate_DatabaseWasTakenAway_DoesNotEndAsIfAllWereWell()
    {
        if (!OperatingSystem.IsLinux())
            return;
        await using var vitrine = await VitrineProcess.StartUnwatchedAsync(_data.Path);
        File.Move(_data.Of("vitrine.db"), _data.Of("aside.db"));

        Assert.Equal(3, await vitrine.TerminateAsync());
        Assert.False(File.Exists(_data.Of("vitrine.db"))); // nor is another one begun
    }
}
