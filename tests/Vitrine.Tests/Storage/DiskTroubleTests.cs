using Vitrine.Storage;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Tests.Storage;

/// <summary>What a disk refuses reaches the program under many types; all of them are the disk's.</summary>
public sealed class DiskTroubleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Is_FileLargerThanTheFileSystemTakes_IsTheDisks()
    {
        // The system's EFBIG, as it also comes from a quota or a limit of file sizes.
        var exception = Record.Exception(() =>
        {
            using var file = File.OpenHandle(_folder.Of("a"), FileMode.Create, FileAccess.Write);
            RandomAccess.SetLength(file, long.MaxValue);
        });

        Assert.IsNotType<IOException>(exception); // what made it worth a test
        Assert.True(DiskTrouble.Is(exception!));
        var trouble = DiskTrouble.ToIOException(exception!);
        Assert.StartsWith("The file system takes no more of this file", trouble.Message, StringComparison.Ordinal);
        Assert.Same(exception, trouble.InnerException);
    }

    [Fact]
    public void IsFull_NoRoomOrALimit_IsToldFromOtherTrouble()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var full = Record.Exception(() => File.WriteAllText("/dev/full", "no room"))!;
        var limit = Record.Exception(() =>
        {
            using var file = File.OpenHandle(_folder.Of("a"), FileMode.Create, FileAccess.Write);
            RandomAccess.SetLength(file, long.MaxValue);
        })!;

        Assert.True(DiskTrouble.IsFull(full), full.ToString());
        Assert.True(DiskTrouble.IsFull(limit));
        Assert.True(DiskTrouble.IsFull(DiskTrouble.ToIOException(limit)));
        Assert.False(DiskTrouble.IsFull(Record.Exception(() => File.ReadAllBytes(_folder.Of("none")))!));
    }

    [Fact]
    public void Is_FileThatIsAFolderOrGone_IsTheDisks()
    {
        Assert.True(DiskTrouble.Is(Record.Exception(() => File.ReadAllBytes(_folder.Path))!));
        Assert.True(DiskTrouble.Is(Record.Exception(() => File.ReadAllBytes(_folder.Of("none")))!));
    }

    [Fact]
    public void Is_MistakeInTheProgram_IsNot()
    {
        Assert.False(DiskTrouble.Is(new ArgumentOutOfRangeException("count")));
        Assert.False(DiskTrouble.Is(new InvalidOperationException("a mistake")));
        Assert.False(DiskTrouble.Is(new ObjectDisposedException("a stream")));
    }
}
