using System.Collections.Immutable;
using System.Threading.Channels;
using Vitrine.Indexing;
using Vitrine.Storage;
using Xunit;

namespace Vitrine.Tests.Indexing;

[Collection(nameof(ProcessTests))]
public sealed class FolderScanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_NestedFolders_FindsEveryAssetAndNothingElse()
    {
        string[] files = ["a.jpg", "b/c.PNG", "b/d/e.webp", "b/d/f/g/h/i.stl", "z.glb"];
        foreach (var file in files)
            _folder.File(file);
        _folder.File("notes.txt");
        _folder.File("b/noextension");
        _folder.Folder("empty");

        var (found, skipped) = await ScanAsync();

        Assert.Equal(files.Order(StringComparer.Ordinal), found);
        Assert.Empty(skipped);
    }

    [Fact]
    public async Task Run_TwoHundredFoldersDeep_ReachesTheBottom()
    {
        var deep = string.Join('/', Enumerable.Range(0, 200).Select(level => $"d{level}"));
        _folder.File($"{deep}/bottom.jpg");

        var (found, _) = await ScanAsync();

        Assert.Equal([$"{deep}/bottom.jpg"], found);
    }

    [Fact]
    public async Task Run_ManyFiles_FirstChunkIsAtMost256AndChunksGrow()
    {
        for (var i = 0; i < 1500; i++)
            _folder.File($"{i:d4}.jpg", "");

        var chunks = new List<ScannedFiles>();
        await foreach (var chunk in Walk(new FolderScan(_folder.Path, includeHidden: false, readers: 2)))
            chunks.Add(chunk);

        Assert.InRange(chunks[0].Files.Count, 1, 256);
        Assert.True(chunks[1].Files.Count > 256, "chunks do not grow");
        Assert.Equal(1500, chunks.Sum(chunk => chunk.Files.Count));
        Assert.Equal([.. Enumerable.Repeat(false, chunks.Count - 1), true], chunks.Select(chunk => chunk.IsLast));
    }

    [Theory]
    [InlineData(false, new[] { "seen.jpg" })]
    [InlineData(true, new[] { ".dot.jpg", ".folder/in.jpg", "@eaDir/thumb.jpg", "__MACOSX/a.jpg", "seen.jpg" })]
    public async Task Run_HiddenAndSystemFiles_OnlyWithTheOption(bool includeHidden, string[] expected)
    {
        foreach (var file in (string[])["seen.jpg", ".dot.jpg", ".folder/in.jpg", "@eaDir/thumb.jpg", "__MACOSX/a.jpg", "Thumbs.db"])
            _folder.File(file);

        var (found, skipped) = await ScanAsync(includeHidden);

        Assert.Equal(expected, found);
        Assert.Empty(skipped);
    }

    [Fact]
    public async Task Run_LinksInsideTheRoot_FilesAreTakenInAndFoldersOnlyWhereTheyLie()
    {
        _folder.File("real/a.jpg");
        _folder.Link("linked", _folder.Of("real"));
        _folder.Link("relative", "real");
        _folder.Link("b.jpg", _folder.Of("real", "a.jpg"));
        _folder.File(".cellar/c.jpg");
        _folder.Link("album", _folder.Of(".cellar"));

        var (found, skipped) = await ScanAsync();

        Assert.Equal(["b.jpg", "real/a.jpg"], found);
        Assert.Equal(["album", "linked", "relative"], skipped.Keys.Order(StringComparer.Ordinal));
        Assert.All(skipped.Where(link => link.Key != "album"), link => Assert.Contains("'real' of this library, which is looked at", link.Value, StringComparison.Ordinal));
        Assert.Contains("'.cellar' of this library, which is passed over because it is hidden", skipped["album"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LinksOutOfTheRoot_AreListedAndNotFollowed()
    {
        using var outside = new TemporaryFolder();
        outside.File("secret.jpg");
        _folder.File("a.jpg");
        _folder.Link("folder", outside.Path);
        _folder.Link("file.jpg", outside.Of("secret.jpg"));
        _folder.Link("twice", _folder.Of("folder")); // out by way of a link inside

        var (found, skipped) = await ScanAsync();

        Assert.Equal(["a.jpg"], found);
        Assert.Equal(["file.jpg", "folder", "twice"], skipped.Keys.Order(StringComparer.Ordinal));
        Assert.All(skipped.Values, reason => Assert.Contains("out of the library", reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_LoopsOfLinks_EndAndAreListed()
    {
        _folder.File("a/1.jpg");
        _folder.File("b/2.jpg");
        _folder.Link("a/up", "..");
        _folder.Link("a/b", _folder.Of("b"));
        _folder.Link("b/a", _folder.Of("a"));
        _folder.Link("self", "self");
        _folder.Link("self.jpg", "self.jpg");

        var (found, skipped) = await ScanAsync();

        Assert.Equal(["a/1.jpg", "b/2.jpg"], found);
        Assert.Equal(["a/b", "a/up", "b/a", "self", "self.jpg"], skipped.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_ManyFoldersThatLinkToEachOther_EachIsMetOnce()
    {
        const int Folders = 8;
        for (var i = 0; i < Folders; i++)
        {
            _folder.File($"{i}/{i}.jpg");
            for (var other = 0; other < Folders; other++)
                _folder.Link($"{i}/to{other}", _folder.Of($"{other}"));
        }

        var (found, skipped) = await ScanAsync();

        Assert.Equal(Enumerable.Range(0, Folders).Select(i => $"{i}/{i}.jpg"), found);
        Assert.Equal(Folders * Folders, skipped.Count);
    }

    [Fact]
    public async Task Run_PipesAndSockets_AreListedAndNotTakenIn()
    {
        _folder.File("a.jpg");
        await Shell.RunAsync(@"cd ""$1"" && mkfifo pipe.jpg a.jpg.xmp && ln -s pipe.jpg link.jpg && ln -s /dev/zero zero.jpg", _folder.Path);

        var (found, skipped) = await ScanAsync();

        Assert.Equal(["a.jpg"], found);
        Assert.Equal(["a.jpg.xmp", "link.jpg", "pipe.jpg", "zero.jpg"], skipped.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("never opened", skipped["pipe.jpg"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CachesAndOwnFolders_ArePassedOver()
    {
        _folder.File("a.jpg");
        _folder.File("own/b.jpg");
        _folder.File("cache/deep/c.jpg");
        _folder.File("tagged only by name/d.jpg");
        CacheTag.Write(_folder.Of("cache"));
        _folder.File("data/thumbnails/e.jpg");
        DataFolder.Hold(_folder.Of("data")).Dispose();
        _folder.File("tagged only by name/CACHEDIR.TAG", "Signature: of somebody else");

        var scan = new FolderScan(_folder.Path, includeHidden: false, readers: 2, _folder.Of("own"));
        var found = await Walk(scan).SelectMany(Paths).Order().ToListAsync(Cancelled);

        Assert.Equal(["a.jpg", "tagged only by name/d.jpg"], found);
        Assert.Equal(["cache", "data"], scan.Skipped.Select(skipped => skipped.Path));
        foreach (var inside in new[] { "cache/deep", "data/thumbnails" })
            Assert.Empty(await Walk(new FolderScan(_folder.Path, includeHidden: false, readers: 2), Reach(inside)).ToListAsync(Cancelled)); // a change in there is none of the library's
        // Programs that keep backups leave out what is marked as a cache; what lies in a data folder cannot be made anew.
        Assert.False(CacheTag.IsIn(_folder.Of("data")));
    }

    [Fact]
    public async Task Run_TimesThatNoCalendarHas_AreTheFirstAndTheLast()
    {
        foreach (var (name, seconds) in new[] { ("late.jpg", "@400000000000"), ("early.jpg", "@-2000000000"), ("zero.jpg", "@0") })
        {
            _folder.File(name);
            await Shell.RunAsync(@"touch -d ""$1"" ""$2""", seconds, _folder.Of(name));
        }

        var files = (await Walk(new FolderScan(_folder.Path, includeHidden: false, readers: 1)).ToListAsync(Cancelled)).SelectMany(chunk => chunk.Files).ToDictionary(file => file.Name);

        Assert.Equal(0, files["zero.jpg"].ModifiedAt);
        Assert.Equal(-2_000_000_000_000_000, files["early.jpg"].ModifiedAt);
        Assert.InRange(StoredTime.FromStored(files["late.jpg"].ModifiedAt).Year, 2400, 9999); // what the file system keeps of it
    }

    [Fact]
    public async Task Run_BrokenLinks_AreListed()
    {
        _folder.Link("gone.jpg", _folder.Of("nowhere.jpg"));
        _folder.Link("gone", _folder.Of("nowhere"));
        _folder.File("a.jpg");

        var (found, skipped) = await ScanAsync();

        Assert.Equal(["a.jpg"], found);
        Assert.Equal(["gone", "gone.jpg"], skipped.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_OddNames_AreKept()
    {
        string[] names = ["new\nline.jpg", "quo\"te's.jpg", "émoji🐢.jpg", "back\\slash.jpg", " space .jpg", "%2e%2e.jpg", "a;b&c.jpg", "\u202Ertl.jpg", "-rf.jpg"];
        foreach (var name in names)
            _folder.File(name);
        _folder.File("fol\nder/q'.jpg");

        var (found, skipped) = await ScanAsync();

        Assert.Equal([.. names.Append("fol\nder/q'.jpg").Order(StringComparer.Ordinal)], found);
        Assert.Empty(skipped);
    }

    [Fact]
    public async Task Run_NamesThatAreNotUtf8_AreListedEachAndOthersKept()
    {
        _folder.File("\uFFFD.jpg"); // a real name that looks like the broken ones
        _folder.File("good.jpg");
        await Shell.RunAsync(@"cd ""$1"" && touch $'\xff.jpg' $'\xfe.jpg' $'one\xff.png' && mkdir $'dir\xff' && touch $'dir\xff/in.jpg'", _folder.Path);

        var (found, skipped) = await ScanAsync();
        await Shell.RunAsync(@"rm -rf ""$1""/*", _folder.Path); // .NET cannot name what it should delete

        Assert.Equal(["good.jpg", "\uFFFD.jpg"], found);
        Assert.Equal(["dir\uFFFD", "one\uFFFD.png", "\uFFFD.jpg"], skipped.Keys.Order(StringComparer.Ordinal));
        Assert.All(skipped.Values, reason => Assert.Contains("UTF-8", reason, StringComparison.Ordinal));
        Assert.StartsWith("2 entries", skipped["\uFFFD.jpg"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FolderThatVanishes_IsListedAsUnread()
    {
        _folder.File("a.jpg");
        _folder.File("gone/b.jpg");
        var scan = new FolderScan(_folder.Path, includeHidden: false, readers: 1);
        var channel = Channel.CreateBounded<ScannedFiles>(1);

        var walk = scan.RunAsync(ScanReach.Whole, channel.Writer, Cancelled);
        await channel.Reader.WaitToReadAsync(Cancelled); // the root was read, the folder waits: the channel is full
        Directory.Delete(_folder.Of("gone"), recursive: true);
        var found = await channel.Reader.ReadAllAsync(Cancelled).SelectMany(Paths).ToListAsync(Cancelled);
        await walk;

        // The folder was either read before it went, or is listed: never silently lost.
        Assert.True(found.Contains("gone/b.jpg") || !scan.HasLookedAt("gone"));
        Assert.Contains("a.jpg", found);
        Assert.True(scan.HasLookedAt("other"));
    }

    [Fact]
    public async Task Run_Cancelled_Stops()
    {
        for (var i = 0; i < 50; i++)
            _folder.File($"{i}/a.jpg");
        using var stop = new CancellationTokenSource();
        var channel = Channel.CreateBounded<ScannedFiles>(1);
        var walk = new FolderScan(_folder.Path, includeHidden: false, readers: 2).RunAsync(ScanReach.Whole, channel.Writer, stop.Token);
        await channel.Reader.ReadAsync(Cancelled);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => walk.OrTooLateAsync());
    }

    private static IEnumerable<string> Paths(ScannedFiles chunk) =>
        chunk.Files.Select(file => chunk.Folder.Length == 0 ? file.Name : $"{chunk.Folder}/{file.Name}");

    private static ScanReach Reach(string folder) => new(ImmutableSortedDictionary<string, bool>.Empty.Add(folder, true), [], Settles: true);

    private static async IAsyncEnumerable<ScannedFiles> Walk(FolderScan scan, ScanReach? reach = null)
    {
        var channel = Channel.CreateUnbounded<ScannedFiles>();
        await scan.RunAsync(reach ?? ScanReach.Whole, channel.Writer, Cancelled);
        await foreach (var chunk in channel.Reader.ReadAllAsync(Cancelled))
            yield return chunk;
    }

    private async Task<(List<string> Found, Dictionary<string, string> Skipped)> ScanAsync(bool includeHidden = false)
    {
        var scan = new FolderScan(_folder.Path, includeHidden, readers: 2);
        var found = await Walk(scan).SelectMany(Paths).ToListAsync(Cancelled);
        found.Sort(StringComparer.Ordinal);
        return (found, scan.Skipped.ToDictionary(skipped => skipped.Path, skipped => skipped.Reason));
    }
}
