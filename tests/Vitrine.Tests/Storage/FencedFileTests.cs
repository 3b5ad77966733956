using Vitrine.Storage;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Tests.Storage;

[Collection(nameof(ProcessTests))]
public sealed class FencedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _outside = new();

    public void Dispose()
    {
        _folder.Dispose();
        _outside.Dispose();
    }

    [Fact]
    public void Open_FileInsideTheFence_IsReadAlsoThroughLinks()
    {
        _folder.File("sub/a.txt", "inside");
        _folder.Link("link.txt", "sub/a.txt");
        _folder.Link("folder", "sub");

        Assert.Equal(("inside", "inside", "inside"), (Read(_folder.Of("sub/a.txt")), Read(_folder.Of("link.txt")), Read(_folder.Of("folder/a.txt"))));
    }

    /// <summary>As on a file system that takes upper and lower case for the same, or where a folder is mounted twice.</summary>
    [Fact]
    public void Open_FenceHasAnotherName_IsRead()
    {
        _folder.File("a.txt", "inside");
        var other = Path.Join(_outside.Path, "other");
        Directory.CreateSymbolicLink(other, _folder.Path);

        using var file = FencedFile.Open(Path.Join(other, "a.txt"), other);
        using var folder = HeldFolder.Open(other, other);

        Assert.Equal("inside", Read(file));
        Assert.Equal(6, folder.FactsOrNull("a.txt")?.Size);
    }

    [Fact]
    public void Hold_FolderIsExchangedForALinkThatLeadsOut_IsRefusedOrReadAsItWasOpened()
    {
        _folder.File("album/mine.jpg");
        _outside.File("theirs.jpg");
        using (var held = HeldFolder.Open(_folder.Of("album"), _folder.Path))
        {
            Directory.Move(_folder.Of("album"), _folder.Of("moved"));
            _folder.Link("album", _outside.Path);
            Assert.Equal("mine.jpg", Path.GetFileName(Assert.Single(Directory.EnumerateFileSystemEntries(held.ListedAs))));
            Assert.Equal((true, false), (held.FactsOrNull("mine.jpg") is not null, held.FactsOrNull("theirs.jpg") is not null));
        }

        Assert.Throws<FenceException>(() => HeldFolder.Open(_folder.Of("album"), _folder.Path));
        Assert.Throws<DirectoryNotFoundException>(() => HeldFolder.Open(_folder.Of("moved/mine.jpg"), _folder.Path));
    }

    [Fact]
    public void Open_WhatLeadsOut_IsRefused()
    {
        _outside.File("secret.txt", "secret");
        _folder.Link("file.txt", _outside.Of("secret.txt"));
        _folder.Link("folder", _outside.Path);
        _folder.Link("beside.txt", $"../{Path.GetFileName(_outside.Path)}/secret.txt");
        var beside = Directory.CreateDirectory($"{_folder.Path}2"); // begins with the fence's name
        File.WriteAllText(Path.Join(beside.FullName, "c.txt"), "secret");
        try
        {
            foreach (var path in new[] { _folder.Of("file.txt"), _folder.Of("folder/secret.txt"), _folder.Of("beside.txt"), Path.Join(beside.FullName, "c.txt") })
                Assert.Contains("leads out", Assert.Throws<FenceException>(() => Read(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            beside.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Open_WhatIsNoFile_IsRefusedWithoutWaiting()
    {
        await Shell.RunAsync(@"cd ""$1"" && mkfifo pipe && ln -s pipe link && mkdir folder", _folder.Path);

        foreach (var path in new[] { _folder.Of("pipe"), _folder.Of("link"), _folder.Of("folder"), "/dev/zero" })
            Assert.Contains("no regular file", Assert.Throws<FenceException>(() => FencedFile.Open(path, fence: null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhatIsNotThere_SaysWhichFile()
    {
        _folder.File("a.txt");
        _folder.Link("loop", "loop");

        Assert.Throws<FileNotFoundException>(() => Read(_folder.Of("nothing.txt")));
        Assert.Throws<DirectoryNotFoundException>(() => Read(_folder.Of("a.txt/b.txt")));
        Assert.Contains("loop", Assert.Throws<IOException>(() => Read(_folder.Of("loop"))).Message, StringComparison.Ordinal);
    }

    /// <summary>The name leads elsewhere as soon as the file is open: what was looked at is read.</summary>
    [Fact]
    public void Open_NameIsExchangedAfterwards_ReadsWhatWasOpened()
    {
        _folder.File("a.txt", "mine");
        using var file = FencedFile.Open(_folder.Of("a.txt"), _folder.Path);
        File.Delete(_folder.Of("a.txt"));
        _folder.Link("a.txt", _outside.File("secret.txt", "secret"));

        Assert.Equal("mine", Read(file));
        Assert.Equal((FileType.File, 4L), (FileFacts.Of(file).Type, FileFacts.Of(file).Size));
    }

    private string Read(string path)
    {
        using var file = FencedFile.Open(path, _folder.Path);
        return Read(file);
    }

    private static string Read(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        var bytes = new byte[RandomAccess.GetLength(file)];
        RandomAccess.Read(file, bytes, 0);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }
}
