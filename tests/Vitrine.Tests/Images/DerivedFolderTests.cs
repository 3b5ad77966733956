using Vitrine.Images;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Images;

public sealed class DerivedFolderTests : IDisposable
{
    private static readonly DerivedName s_name = DerivedName.Thumbnail([0xAB, 0xCD, 0xEF]);

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_TwiceAndReadByAnother_IsOneWholeFileUnderItsContent()
    {
        var mine = Open(shared: true);
        await mine.WriteAsync(s_name, new byte[] { 1, 2, 3 }, Token);
        await mine.WriteAsync(s_name, new byte[] { 1, 2, 3 }, Token);

        var file = await Open(shared: true).FindOrNullAsync(s_name, Token);

        Assert.Equal(_folder.File("thumbnails/ab/cd/abcdef.webp"), file);
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(file!, Token));
        Assert.Empty(Directory.GetFiles(_folder.File("tmp")));
        Assert.Null(await mine.FindOrNullAsync(DerivedName.Preview([0xAB, 0xCD, 0xEF]), Token));
    }

    [Fact]
    public async Task IsWritable_FolderIsGoneAndComesBack_SaysSoAndLeavesNothingBehind()
    {
        var mine = Open(shared: true);
        Assert.True(await mine.IsWritableAsync(Token));
        Assert.Empty(Directory.GetFiles(_folder.File("tmp")));

        Directory.Delete(_folder.File("tmp"));
        Assert.False(await mine.IsWritableAsync(Token));
        await Assert.ThrowsAnyAsync<IOException>(() => mine.WriteAsync(s_name, new byte[] { 1 }, Token));

        Directory.CreateDirectory(_folder.File("tmp"));
        Assert.True(await mine.IsWritableAsync(Token));
    }

    [Fact]
    public async Task IsWritable_WhereThumbnailsEndCannotBeWritten_SaysSoAndLeavesNothingBehind()
    {
        var mine = Open(shared: true);
        await File.WriteAllTextAsync(_folder.File("thumbnails"), "a file where a folder should be", Token);

        Assert.False(await mine.IsWritableAsync(Token));
        Assert.Empty(Directory.GetFiles(_folder.File("tmp")));

        File.Delete(_folder.File("thumbnails"));
        Assert.True(await mine.IsWritableAsync(Token));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("thumbnails")));
        Assert.Empty(Directory.GetFiles(_folder.File("tmp")));
    }

    [Fact]
    public async Task Open_LeftOverProbe_IsRemovedWhereThumbnailsAre()
    {
        var mine = Open(shared: false);
        await mine.WriteAsync(s_name, new byte[] { 1 }, Token);
        await File.WriteAllTextAsync(_folder.File("thumbnails/probe.of-a-killed-process"), "", Token);

        Open(shared: true);
        Assert.Single(Directory.GetFiles(_folder.File("thumbnails"))); // another process may be at it
        Open(shared: false);

        Assert.Empty(Directory.GetFiles(_folder.File("thumbnails")));
        Assert.NotNull(await mine.FindOrNullAsync(s_name, Token));
    }

    [Fact]
    public async Task Open_LeftOverTemporaryFiles_RemovesAllOfThemOrOnlyOldOnesWhereOthersWrite()
    {
        Open(shared: false);
        var name = new string('a', 64);
        var (fresh, old, mine) = (_folder.File($"tmp/{name}.{Guid.CreateVersion7():N}"), _folder.File($"tmp/probe.{Guid.CreateVersion7():N}"), _folder.File("tmp/letter.odt"));
        await File.WriteAllTextAsync(mine, "", Token);
        File.SetLastWriteTimeUtc(mine, (TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(2)).UtcDateTime);
        await File.WriteAllTextAsync(fresh, "", Token);
        await File.WriteAllTextAsync(old, "", Token);
        File.SetLastWriteTimeUtc(old, (TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(2)).UtcDateTime);

        Open(shared: true);
        Assert.Equal([fresh, mine], Directory.GetFiles(_folder.File("tmp")).Order(StringComparer.Ordinal));
        Open(shared: false);
        Assert.Equal([mine], Directory.GetFiles(_folder.File("tmp")));
    }

    [Fact]
    public async Task Write_FolderCannotBeMade_LeavesNothing()
    {
        var derived = Open(shared: false);
        await File.WriteAllTextAsync(_folder.File("thumbnails"), "a file where a folder should be", Token);

        await Assert.ThrowsAnyAsync<IOException>(() => derived.WriteAsync(s_name, new byte[] { 1 }, Token));

        Assert.Empty(Directory.GetFiles(_folder.File("tmp")));
    }

    private DerivedFolder Open(bool shared) => new(_folder.FullPath, shared, TimeProvider.System);
}
