using Vitrine.Storage;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Tests.Storage;

public sealed class FileFactsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_EachType_IsTold()
    {
        _folder.File("a.txt", "12345");
        _folder.Link("link", "a.txt");
        _folder.Folder("sub");
        var modified = new DateTime(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(1234567);
        File.SetLastWriteTimeUtc(_folder.Of("a.txt"), modified);

        var file = FileFacts.OfOrNull(_folder.Of("a.txt"))!.Value;

        Assert.Equal((FileType.File, 5L, StoredTime.ToStored(modified)), (file.Type, file.Size, file.ModifiedAt));
        Assert.Equal(file, FileFacts.OfOrNull(_folder.Path, "a.txt", followsLinks: false));
        Assert.Equal(file, FileFacts.OfOrNull(_folder.Path + "/", "a.txt", followsLinks: false));
        Assert.Equal(file, FileFacts.OfOrNull(_folder.Of("link")));
        Assert.Equal(FileType.Link, FileFacts.OfOrNull(_folder.Of("link"), followsLinks: false)!.Value.Type);
        Assert.Equal(FileType.Folder, FileFacts.OfOrNull(_folder.Of("sub"))!.Value.Type);
        Assert.Null(FileFacts.OfOrNull(_folder.Of("nothing")));
        Assert.Null(FileFacts.OfOrNull(_folder.Of(new string('x', 5000))));
    }

    [Fact]
    public void ChangedAt_TimeIsPutBack_IsLaterAllTheSame()
    {
        var path = _folder.File("a.txt", "before");
        var before = FileFacts.OfOrNull(path)!.Value;
        var modified = File.GetLastWriteTimeUtc(path);
        FileFacts after;
        do // until the clock of the file system has gone on
        {
            File.WriteAllText(path, "after!");
            File.SetLastWriteTimeUtc(path, modified);
            after = FileFacts.OfOrNull(path)!.Value;
        }
        while (after.ChangedAt == before.ChangedAt);

        Assert.Equal((before.Size, before.ModifiedAt, before.Node), (after.Size, after.ModifiedAt, after.Node));
        Assert.True(after.ChangedAt > before.ChangedAt);
    }

    [Theory]
    [InlineData(long.MaxValue, 9999)]
    [InlineData(300_000_000_000, 9999)]
    [InlineData(-2, 1969)]
    [InlineData(-70_000_000_000, 1)]
    [InlineData(long.MinValue, 1)]
    public void FromUnix_AnySeconds_AreATime(long seconds, int year) => Assert.Equal(year, StoredTime.FromStored(StoredTime.FromUnix(seconds, 999_999_999)).Year);
}
