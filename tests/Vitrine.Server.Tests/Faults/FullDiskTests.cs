using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Faults;

/// <summary>Commands on a disk that has no room: a sentence and exit code 3, and never a stack.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _data = new("vitrine-data-");
    private readonly TemporaryFolder _small = new();

    public void Dispose()
    {
        _small.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Start_NewDataFolder_SaysThatTheDiskIsFull()
    {
        SkipUnlessDisksCanBeMade();

        var (exitCode, errors) = await VitrineProcess.FailToStartAsync(_data.Path, OnSmallDisk(_data.Path, "64k"));

        AssertRefusal(exitCode, errors, _data.Path);
    }

    [Fact]
    public async Task StartAndBackup_ExistingDataFolder_SayWhichDiskIsFull()
    {
        SkipUnlessDisksCanBeMade();
        await using (var vitrine = await VitrineProcess.StartUnwatchedAsync(_data.Path))
            Assert.Equal(0, await vitrine.TerminateAsync());

        var backup = Path.Join(_small.Path, "backup.db");
        var (process, _, said) = await VitrineProcess.LaunchAsync(["backup", backup, "--data", _data.Path], null, OnSmallDisk(_small.Path, "64k"));
        using (process)
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).OrTooLateAsync();
            AssertRefusal(process.ExitCode, await said, backup);
            Assert.DoesNotContain(Path.Join(_data.Path, "vitrine.db"), await said, StringComparison.Ordinal);
        }

        // Room for the journal's index and little more: the first commit finds none.
        var (exitCode, errors) = await VitrineProcess.FailToStartAsync(
            _small.Path, OnSmallDisk(_small.Path, "2m", $"cp -a '{_data.Path}'/. \"$0\" && head -c 40k /dev/zero > \"$0\"/room; cat /dev/zero > \"$0\"/fill; rm \"$0\"/room"));
        AssertRefusal(exitCode, errors, _small.Path);
    }

    private static void SkipUnlessDisksCanBeMade() =>
        Assert.SkipUnless(Environment.UserName == "root" && Shell.Has("unshare"), "a small disk can be mounted by root only");

    /// <summary>Starts what follows where a folder is a small disk, in memory, that goes with the process.</summary>
    private static string[] OnSmallDisk(string folder, string size, string filling = ":") =>
        ["unshare", "--mount", "--propagation", "private", "bash", "-c", $"mount -t tmpfs -o size={size} none \"$0\"; {{ {filling}; }} 2>/dev/null; exec \"$@\"", folder];

    private static void AssertRefusal(int exitCode, string errors, string place)
    {
        Assert.True(exitCode == 3, $"{exitCode}: {errors}");
        Assert.Contains("full", errors, StringComparison.Ordinal);
        Assert.Contains(place, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", errors, StringComparison.Ordinal);
    }
}
