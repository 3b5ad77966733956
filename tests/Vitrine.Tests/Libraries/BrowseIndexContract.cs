using System.Text;
using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Tests.Libraries;

public abstract class BrowseIndexContract : StoreContract
{
    private static readonly string[] s_names =
        ["a.jpg", "B.png", "10.jpg", "9.jpg", "100%.jpg", "100x.jpg", "a_b.jpg", "axb.jpg", "back\\slash.jpg", "\u00E9.webp", "\uE000.jpg", "\U0001F600.jpg", "model.stl"];

    public static TheoryData<AssetSort> EverySort() => [.. Enum.GetValues<AssetSort>().Where(sort => sort != AssetSort.Random)];

    [Theory]
    [MemberData(nameof(EverySort))]
    public async Task Page_EverySortOrderAndQuery_EqualsBruteForceAtAnyOffset(AssetSort sort)
    {
        var library = await FilledLibraryAsync(); // once for all orders and queries: nothing below changes it
        foreach (var query in new[] { null, "1", "jpg kind:image", "status:ready a" })
        {
            var ascending = BruteForce(library, sort, query);
            AssertPages(query, descending: false, ascending);
            AssertPages(query, descending: true, DescendingWithTheUnknownLast(ascending, sort));
        }

        void AssertPages(string? query, bool descending, List<long> expected)
        {
            foreach (var offset in new[] { 0, 1, 7, expected.Count - 1, expected.Count, expected.Count + 5 })
            {
                var (total, ids) = Stores.Browse.Page(library.Id, sort, descending, query, Math.Max(0, offset), 9);
                Assert.Equal((query, descending, offset, expected.Count), (query, descending, offset, total));
                Assert.Equal($"{query} {descending} {offset}: {string.Join(' ', expected.Skip(Math.Max(0, offset)).Take(9))}", $"{query} {descending} {offset}: {string.Join(' ', ids)}");
            }
        }
    }

    [Theory]
    [InlineData("100%", "100%.jpg")]
    [InlineData("a_b", "a_b.jpg")]
    [InlineData("back\\slash", "back\\slash.jpg")]
    [InlineData("k\\s", "back\\slash.jpg")]
    [InlineData("'", "")]
    [InlineData("%", "100%.jpg")]
    public async Task Page_QueryWithCharactersOfTheMatcher_FindsThemAsTheyAre(string query, string expected)
    {
        var library = await AddLibraryAsync("/photos", s_names);

        Assert.Equal(expected.Length == 0 ? [] : [expected], Paths(library, query));
    }

    [Fact]
    public async Task Page_WordsComposedOrNot_FindNamesInAnyForm()
    {
        var library = await AddLibraryAsync("/photos", "Zo\u00EB/linux.jpg", "Zoe\u0308/mac.jpg", "\u212B/sign.jpg", "other.jpg");

        Assert.Equal(["Zoe\u0308/mac.jpg", "Zo\u00EB/linux.jpg"], Paths(library, "Zo\u00EB").Order(StringComparer.Ordinal));
        Assert.Equal(Paths(library, "Zo\u00EB"), Paths(library, "Zoe\u0308"));
        Assert.Equal(["\u212B/sign.jpg"], Paths(library, "\u212B"));
    }

    [Fact]
    public async Task Page_QueriesThatPeoplePaste_AreAnsweredOrRefusedInWords()
    {
        var library = await AddLibraryAsync("/photos", "ab.jpg");
        Assert.Equal(["ab.jpg"], Paths(library, string.Join(' ', Enumerable.Repeat("ab", 1_200))));
        foreach (var query in new[]
        {
            string.Join(' ', Enumerable.Range(0, AssetFilter.MostTerms).Select(word => $"\u00E9{word}")), string.Join(' ', Enumerable.Range(0, AssetFilter.MostTerms).Select(tag => $"tag:\"\u00E9 {tag}\"")),
            new string('a', 7_000), "tag:\"", "tag:", "\\", "%_%_%_%_%_%_%_%_%_%", "\uFFFD",
        })
            Assert.Empty(Paths(library, query));
        foreach (var query in new[] { " \u3000 ", "a\tb", "a\u3000b" })
            Assert.Equal(["ab.jpg"], Paths(library, query));
    }

    [Theory]
    [InlineData("beach", "title.jpg")]
    [InlineData("BEACH", "title.jpg")]
    [InlineData("sunset", "description.jpg")]
    [InlineData("holiday", "keywords.jpg")]
    [InlineData("X100", "camera.jpg")]
    [InlineData("fuji x100", "")]
    [InlineData("2024/ title", "title.jpg")]
    public async Task Page_Query_LooksAtPathTitleDescriptionKeywordsAndCamera(string query, string expected)
    {
        var library = await AddLibraryAsync("/photos", "2024/title.jpg", "2024/description.jpg", "2024/keywords.jpg", "2024/camera.jpg");
        await DetailsAsync(library, "title", "title", "Beach");
        await DetailsAsync(library, "description", "description", "at sunset");
        await DetailsAsync(library, "keywords", "keywords", "[\"holiday\"]");
        await DetailsAsync(library, "camera", "camera_model", "X100"); // and no maker

        Assert.Equal(expected.Length == 0 ? [] : [$"2024/{expected}"], Paths(library, query));
    }

    [Fact]
    public async Task Page_IsDamaged_FindsPicturesWithAWarning()
    {
        var library = await AddLibraryAsync("/photos", "2024/a.jpg", "2024/b.jpg", "2024/c.jpg");
        await DetailsAsync(library, "b", "warning", "ends early: x");
        await DetailsAsync(library, "c", "title", "damaged");

        Assert.Equal(["2024/b.jpg"], Paths(library, "is:damaged"));
        Assert.Equal(["2024/b.jpg"], Paths(library, "B.JPG IS:Damaged"));
        Assert.Empty(Paths(library, "is:damaged c.jpg"));
    }

    [Theory]
    [InlineData("status:nonsense", "ready")]
    [InlineData("status:", "ready")]
    [InlineData("status:1", "ready")]
    [InlineData("status:+1", "ready")]
    [InlineData("status:pending,ready", "ready")]
    [InlineData("a kind:film", "image, model")]
    [InlineData("is:broken", "is:damaged")]
    public void Page_UnknownValue_SaysWhatIsKnown(string query, string known)
    {
        var wrong = Assert.Throws<FormatException>(() => Stores.Browse.Page(1, AssetSort.Added, false, query, 0, 10));

        Assert.Contains(known, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OrderOfArrival_GrowsWhileReadersHoldTheirWindow()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        Assert.Equal(1, Stores.Browse.Count(library.Id));

        await RescanAsync(library, "a.jpg", "0.jpg", "z.jpg");
        Assert.Equal(3, Stores.Browse.Count(library.Id));
        Assert.Equal(["a.jpg", "0.jpg", "z.jpg"], Paths(library, null));

        await RescanAsync(library, "a.jpg", "z.jpg");
        Assert.Equal(2, Stores.Browse.Count(library.Id));
        Assert.Equal(["a.jpg", "z.jpg"], Paths(library, null));
    }

    [Fact]
    public void ArrivalOrder_AppendedAndRemoved_LeavesEarlierWindowsAsTheyWere()
    {
        var before = new ArrivalOrder([1, 2, 3]);
        var grown = before.Append([3, 4, 5]); // 3 came with the loading
        var fewer = grown.Remove([2, 5, 99]);
        var later = fewer.Append([6]);
        var other = before.Append([7]); // from an earlier window: it must not write over what came after that

        Assert.Equal([1, 2, 3], before.Slice(0, 10, descending: false));
        Assert.Equal([5, 4, 3, 2, 1], grown.Slice(0, 10, descending: true));
        Assert.Equal([1, 3, 4, 6], later.Slice(0, 10, descending: false));
        Assert.Equal([1, 2, 3, 7], other.Slice(0, 10, descending: false));
        Assert.Equal([3, 2], grown.Slice(2, 2, descending: true));
        Assert.Same(later, later.Append([6]).Remove([99]));
    }

    [Fact]
    public async Task ArrivalOrder_ReadWhileItGrows_IsAlwaysWhole()
    {
        var order = new ArrivalOrder([]);
        var growing = Task.Run(() =>
        {
            for (var id = 1L; id <= 20_000; id += 2)
                Volatile.Write(ref order, order.Append([id, id + 1]));
        });
        while (!growing.IsCompleted)
        {
            var window = Volatile.Read(ref order);
            Assert.Equal(Enumerable.Range(1, window.Count).Select(id => (long)id), window.Slice(0, window.Count, descending: false));
        }

        await growing;
    }

    [Fact]
    public async Task Page_SomethingChanged_AnswersFromTheOneBeforeUntilItIsPatchedAside()
    {
        var library = await AddLibraryAsync("/photos", "b.jpg");
        Assert.Equal(["b.jpg"], Paths(library, null, AssetSort.Name));
        await RescanAsync(library, "a.jpg", "b.jpg");

        Assert.Equal(["b.jpg"], Paths(library, null, AssetSort.Name)); // nobody patches yet, and nobody waits
        Assert.True(Statistics(library, "name").IsLoading);
        Stores.TakeHeard();
        await RebuildAsync();

        Assert.Equal(["a.jpg", "b.jpg"], Paths(library, null, AssetSort.Name));
        var statistics = Statistics(library, "name");
        Assert.Equal((2, 2, false), (statistics.Generation, statistics.Size, statistics.IsLoading));
        Assert.Equal([new Announcement.CacheChanged($"browse {library.Id} name", library.Id, 2)], Stores.TakeHeard().OfType<Announcement.CacheChanged>());
    }

    [Fact]
    public async Task Page_EverySortAfterAnyChanges_EqualsABrowseIndexThatReadsItAnew()
    {
        var library = await FilledLibraryAsync();
        (AssetSort Sort, string? Query)[] orders = [.. Enum.GetValues<AssetSort>().SelectMany(sort => new[] { null, "status:ready", "1" }.Select(query => (sort, query)))];
        orders = [.. orders.Take(15)]; // as many as are kept
        foreach (var (sort, query) in orders)
            Stores.Browse.Page(library.Id, sort, false, query, 0, 1, seed: 5);
        var random = new Random(1);
        for (var round = 0; round < 6; round++)
        {
            await ChangeSomeAsync(library, random);
            await RebuildAsync();
            using var anew = new BrowseIndex(Stores.Database, Stores.Upkeep);
            foreach (var (sort, query) in orders)
                Assert.Equal(anew.Page(library.Id, sort, true, query, 0, 200, seed: 5).Ids, Stores.Browse.Page(library.Id, sort, true, query, 0, 200, seed: 5).Ids);
        }
    }

    [Fact]
    public async Task Page_RandomWithASeed_IsAPermutationThatStaysUnderPagingAndGrowth()
    {
        var library = await AddLibraryAsync("/photos", [.. Enumerable.Range(0, 60).Select(file => $"{file}.jpg")]);
        var whole = Stores.Browse.Page(library.Id, AssetSort.Random, false, null, 0, 100, seed: 42).Ids;
        var pages = Enumerable.Range(0, 9).SelectMany(page => Stores.Browse.Page(library.Id, AssetSort.Random, false, null, page * 7, 7, seed: 42).Ids);
        Assert.Equal(whole, pages);
        Assert.Equal(Stores.Browse.Page(library.Id, AssetSort.Added, false, null, 0, 100).Ids, whole.Order());
        Assert.NotEqual(whole, Stores.Browse.Page(library.Id, AssetSort.Random, false, null, 0, 100, seed: 43).Ids);

        await RescanAsync(library, [.. Enumerable.Range(0, 70).Select(file => $"{file}.jpg")]);
        await RebuildAsync();
        var grown = Stores.Browse.Page(library.Id, AssetSort.Random, false, null, 0, 100, seed: 42).Ids;
        Assert.Equal(70, grown.Length);
        Assert.Equal(whole, grown.Where(whole.Contains)); // who was there keeps the order
    }

    [Fact]
    public async Task Page_OneAssetChanged_AsksForThatOneOnly()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg", "c.jpg");
        Paths(library, null, AssetSort.Captured);
        // A change nobody announced shows whether the order was read whole.
        await Stores.Database.WriteAsync(
            transaction => transaction.Connection.Execute("UPDATE assets SET captured_at = CASE name WHEN 'b.jpg' THEN 1 ELSE 2 END"), WriteUrgency.Urgent, Token);
        Stores.Announcements.Announce(new Announcement.AssetsChanged(library.Id, [IdOf(library, "c.jpg")]));
        await RebuildAsync();

        Assert.Equal(["c.jpg", "a.jpg", "b.jpg"], Paths(library, null, AssetSort.Captured));
    }

    [Fact]
    public async Task Page_BulkChange_IsReadWholeInTheBackground()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg", "c.jpg");
        Paths(library, null, AssetSort.Captured);
        await Stores.Database.WriteAsync(
            transaction => transaction.Connection.Execute("UPDATE assets SET captured_at = 10 - id"), WriteUrgency.Urgent, Token);
        Stores.Announcements.Announce(new Announcement.AssetsChanged(library.Id, [.. Enumerable.Range(1_000, 5_000).Select(id => (long)id)]));
        Assert.Equal(["a.jpg", "b.jpg", "c.jpg"], Paths(library, null, AssetSort.Captured));
        await RebuildAsync();

        Assert.Equal(["c.jpg", "b.jpg", "a.jpg"], Paths(library, null, AssetSort.Captured));
    }

    [Fact]
    public async Task Page_NotReadForLong_IsLetGoAtTheNextChange()
    {
        var library = await AddLibraryAsync("/photos", "b.jpg");
        Paths(library, null, AssetSort.Name);
        Time.Advance(TimeSpan.FromMinutes(11));
        await RescanAsync(library, "a.jpg", "b.jpg");

        Assert.DoesNotContain(Stores.Browse.Statistics, statistics => statistics.Name.EndsWith("name", StringComparison.Ordinal));
        Assert.Equal(["a.jpg", "b.jpg"], Paths(library, null, AssetSort.Name));
    }

    [Fact]
    public async Task Page_ManyQueries_KeepsTheOnesReadLast()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        for (var query = 0; query < 40; query++)
            Stores.Browse.Page(library.Id, AssetSort.Added, false, $"word{query}", 0, 10);

        Assert.Equal(16, Stores.Browse.Statistics.Count(statistics => statistics.Name.Contains("word", StringComparison.Ordinal)));
        Assert.Contains(Stores.Browse.Statistics, statistics => statistics.Name.EndsWith("word39", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_LibraryForgotten_DropsItsSnapshots()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        Paths(library, null, AssetSort.Size);
        await Stores.Libraries.ForgetAsync(library.Id, Token);

        Assert.DoesNotContain(Stores.Browse.Statistics, statistics => statistics.Name.StartsWith("browse 1", StringComparison.Ordinal));
        Assert.Empty(Stores.Browse.Page(library.Id, AssetSort.Size, false, null, 0, 10).Ids);
    }

    [Fact]
    public async Task Count_DatabaseWasAwayOnce_ReadsAgain()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        await using var away = new DatabaseThatIsAwayOnce(Stores.Database);
        using var browse = new BrowseIndex(away, Stores.Upkeep);

        Assert.Throws<DatabaseUnavailableException>(() => browse.Count(library.Id));
        Assert.Equal(1, browse.Count(library.Id));
    }

    private List<string> Paths(Library library, string? query, AssetSort sort = AssetSort.Added) =>
        [.. Stores.Assets.Find(Stores.Browse.Page(library.Id, sort, descending: false, query, 0, 100).Ids).Select(asset => asset.Path)];

    private SnapshotStatistics Statistics(Library library, string sort) =>
        Stores.Browse.Statistics.Single(statistics => statistics.Name == $"browse {library.Id} {sort}");

    /// <summary>Some files come, go and change, and some facts do, as an import and a scan make it.</summary>
    private async Task ChangeSomeAsync(Library library, Random random)
    {
        // Scans count by status: it is put back to what the counters say before one.
        await SetAsync(library, [.. All(library)], "status = 0");
        await RescanAsync(library, [.. Enumerable.Range(0, 40).Where(_ => random.Next(4) > 0).Select(file => $"{"ab"[file % 2]}/{file}.jpg@{random.Next(3)}")]);
        var (seed, some) = (random.Next(100), All(library).Where(_ => random.Next(3) == 0).ToList());
        await SetAsync(library, some, $"status = (id + {seed}) % 5, width = (id * {seed}) % 4, captured_at = NULLIF((id * {seed}) % 6, 0)");
    }

    private long[] All(Library library) => Stores.Browse.Page(library.Id, AssetSort.Added, false, null, 0, 500).Ids;

    private Task SetAsync(Library library, List<long> ids, string what) => Stores.Database.WriteAsync(
        transaction =>
        {
            transaction.Connection.Execute($"UPDATE assets SET {what} WHERE id IN {SqlIds.In(ids)}");
            transaction.AfterCommit(() => Stores.Announcements.Announce(new Announcement.AssetsChanged(library.Id, ids)));
        },
        WriteUrgency.Urgent,
        Token);

    private Task RebuildAsync() => Rebuilds.RunAskedAsync(Stores);

    private async Task<Library> FilledLibraryAsync()
    {
        var library = await AddLibraryAsync("/photos", [.. s_names.Select(name => $"{name}@{name.Length}"), .. s_names.Select(name => $"a/b/{name}"), .. s_names.Select(name => $"a b/{name}@2")]);
        await AddLibraryAsync("/other", "a.jpg", "1.jpg");
        await Stores.Database.WriteAsync(
            transaction => transaction.Connection.Execute(
                """
                UPDATE assets SET size = id * 7919 % 5, width = CASE WHEN id % 3 > 0 THEN id * 31 % 4 END,
                    captured_at = CASE WHEN id % 4 > 0 THEN id * 17 % 6 END, status = id % 5
                """),
            WriteUrgency.Urgent,
            Token);
        return library;
    }

    private Task DetailsAsync(Library library, string name, string column, string value) => Stores.Database.WriteAsync(
        transaction => transaction.Connection.Execute(
            $"INSERT INTO asset_details (asset_id, md5, {column}) VALUES (@id, @md5, @value)",
            ("@md5", new byte[16]), ("@id", IdOf(library, $"2024/{name}.jpg")), ("@value", value)),
        WriteUrgency.Urgent,
        Token);

    private List<long> BruteForce(Library library, AssetSort sort, string? query)
    {
        var all = Stores.Assets.Find(Stores.Database.Read(connection => connection.Query("SELECT id FROM assets", row => row.GetInt64(0)))).Where(asset => asset.LibraryId == library.Id);
        all = query switch
        {
            null => all,
            "1" => all.Where(asset => asset.Path.Contains('1')),
            "jpg kind:image" => all.Where(asset => asset.Path.Contains("jpg", StringComparison.Ordinal)),
            _ => all.Where(asset => asset.Status == AssetStatus.Ready && $"/{asset.Path}".Contains('a', StringComparison.OrdinalIgnoreCase)),
        };
        var byId = all.OrderBy(asset => asset.Id);
        var sorted = sort switch
        {
            AssetSort.Added => byId,
            AssetSort.Path => byId.OrderBy(asset => Path.GetDirectoryName(asset.Path), Utf8.Order).ThenBy(asset => asset.Name, Utf8.Order),
            AssetSort.Name => byId.OrderBy(asset => asset.Name, Utf8.Order),
            AssetSort.Size => byId.OrderBy(asset => asset.Size),
            AssetSort.Modified => byId.OrderBy(asset => asset.ModifiedAt),
            AssetSort.Captured => byId.OrderBy(asset => asset.CapturedAt?.ToStored() ?? long.MaxValue),
            AssetSort.Width => byId.OrderBy(asset => asset.Width ?? int.MaxValue),
            AssetSort.Status => byId.OrderBy(asset => asset.Status),
            _ => throw new ArgumentOutOfRangeException(nameof(sort)),
        };
        return [.. sorted.Select(asset => asset.Id)];
    }

    private List<long> DescendingWithTheUnknownLast(List<long> ascending, AssetSort sort)
    {
        var known = Stores.Assets.Find(ascending)
            .Where(asset => sort switch
            {
                AssetSort.Captured => asset.CapturedAt is not null,
                AssetSort.Width => asset.Width is not null,
                _ => true,
            })
            .Select(asset => asset.Id).ToHashSet();
        return [.. ascending.Where(known.Contains).Reverse(), .. ascending.Where(id => !known.Contains(id))];
    }

    /// <summary>Databases compare text by its bytes.</summary>
    private sealed class Utf8 : IComparer<string?>
    {
        public static Utf8 Order { get; } = new();

        public int Compare(string? x, string? y) => Encoding.UTF8.GetBytes(x!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y!));
    }
}

public sealed class SqliteBrowseIndexTests : BrowseIndexContract;

[SharedServerTests]
public sealed class PostgresBrowseIndexTests : BrowseIndexContract
{
    private protected override IStoreSource NewSource() => new PostgresStores();
}
