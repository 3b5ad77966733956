using FsCheck;
using FsCheck.Fluent;
using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Storage;
using Vitrine.Tags;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Tests.Tags;

public abstract class TagStoreContract : StoreContract
{
    [Fact]
    public async Task Add_UserAndFileTags_AreOneTagWithTwoSourcesThatCountsOnce()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        var (a, b) = (IdOf(library, "a.jpg"), IdOf(library, "b.jpg"));
        await FileTagsAsync(a, "Beach", "  New  York ");
        await Stores.Tags.AddAsync(a, ["beach"], Token);
        var tags = await Stores.Tags.AddAsync(b, ["beach", "dog"], Token);

        Assert.Equal(["Beach: User", "dog: User"], tags!.Select(Text));
        Assert.Equal(["Beach: User File", "New York: File"], Stores.Tags.OfAsset(a).Select(Text));
        Assert.Equal(["Beach 2", "dog 1", "New York 1"], Counts());
    }

    [Fact]
    public async Task Remove_UserTag_LeavesWhatTheFileSays()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        var a = IdOf(library, "a.jpg");
        await FileTagsAsync(a, "beach");
        await Stores.Tags.AddAsync(a, ["beach", "dog"], Token);

        Assert.Equal(["beach: File", "dog: User"], (await Stores.Tags.RemoveAsync(a, "BEACH", Token))!.Select(Text));
        Assert.Equal(["beach: File"], (await Stores.Tags.RemoveAsync(a, "dog", Token))!.Select(Text));
        Assert.Equal(["beach: File"], (await Stores.Tags.RemoveAsync(a, "nobody knows", Token))!.Select(Text));
        Assert.Equal(["beach 1"], Counts());
    }

    [Fact]
    public async Task WriteFileTags_ReadAgain_ReplacesTheFilesAndKeepsTheUsers()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        var a = IdOf(library, "a.jpg");
        await Stores.Tags.AddAsync(a, ["mine"], Token);
        await FileTagsAsync(a, "one", "two");
        await FileTagsAsync(a, "two", "three", "Two");
        Assert.Equal(["mine: User", "three: File", "two: File"], Stores.Tags.OfAsset(a).Select(Text));

        await FileTagsAsync(a);
        Assert.Equal(["mine: User"], Stores.Tags.OfAsset(a).Select(Text));
    }

    [Fact]
    public async Task Edit_Committed_PatchesTheCountsBeforeItIsTold()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        var a = IdOf(library, "a.jpg");
        Counts();
        var told = new List<string>();
        using var subscription = Stores.Announcements.Subscribe(announcement =>
        {
            if (announcement is Announcement.TagsChanged tags)
                told.Add($"{string.Join(' ', tags.Names)}: {string.Join(", ", Counts())}");
        });
        await Stores.Tags.AddAsync(a, ["dog"], Token);
        await Stores.Tags.AddAsync(a, ["dog"], Token); // has it already: nothing to tell
        await Stores.Tags.RemoveAsync(a, "dog", Token);

        Assert.Equal(["dog: dog 1", "dog: "], told);
        Assert.Equal(2, Stores.TakeHeard().OfType<Announcement.AssetsChanged>().Count(changed => changed.AssetIds.SequenceEqual([a])));
        Assert.Equal((3, 1), (Stores.TagCounts.Statistics.Generation, Stores.TagCounts.Statistics.Misses)); // patched, never read again
    }

    [Fact]
    public async Task Edit_NoSuchAsset_IsNullAndMakesNoTag()
    {
        Assert.Null(await Stores.Tags.AddAsync(99, ["dog"], Token));
        Assert.Null(await Stores.Tags.RemoveAsync(99, "dog", Token));
        Assert.Empty(Stores.Tags.OfAsset(99));
        Assert.Equal(0, Scalar<long>("SELECT COUNT(*) FROM tags"));
    }

    [Fact]
    public async Task Counts_AssetsRemoved_AreReadAgainAside()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        foreach (var file in new[] { "a.jpg", "b.jpg" })
            await Stores.Tags.AddAsync(IdOf(library, file), ["dog", file], Token);
        Assert.Equal(["dog 2", "a.jpg 1", "b.jpg 1"], Counts());
        await RescanAsync(library, "b.jpg");
        await RebuildAsync();

        Assert.Equal(["b.jpg 1", "dog 1"], Counts());
    }

    [Fact]
    public async Task Counts_ChangedByAnotherProcess_AreReadAgainAside()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        Assert.Empty(Counts());
        await Stores.Database.WriteAsync(
            transaction => transaction.Connection.Execute(
                "INSERT INTO tags (folded, name) VALUES ('dog', 'dog')") + transaction.Connection.Execute(
                "INSERT INTO asset_tags (asset_id, tag_id, source) SELECT @id, id, 0 FROM tags", ("@id", IdOf(library, "a.jpg"))),
            WriteUrgency.Urgent,
            Token);
        Stores.Announcements.Announce(new Announcement.TagsChanged(["dog"], AreCounted: false));
        await RebuildAsync();

        Assert.Equal(["dog 1"], Counts());
    }

    [Fact]
    public async Task Counts_LibraryForgotten_FallWhenItsRowsAreSwept()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        var other = await AddLibraryAsync("/other", "a.jpg");
        foreach (var of in new[] { library, other })
            await Stores.Tags.AddAsync(IdOf(of, "a.jpg"), ["dog"], Token);
        Assert.Equal(["dog 2"], Counts());
        await Stores.Libraries.ForgetAsync(library.Id, Token);
        await Stores.Forgotten.SweepAsync(Token);
        await RebuildAsync();

        Assert.Equal(["dog 1"], Counts());
    }

    [Fact]
    public void Counts_AnyEdits_EqualDistinctAssets() => Prop.ForAll<(byte Kind, byte Asset, byte Tag)[]>(async edits =>
    {
        var library = await AddLibraryAsync($"/photos{Guid.CreateVersion7()}", [.. Enumerable.Range(0, 5).Select(file => $"{file}.jpg")]);
        foreach (var (kind, asset, tag) in edits)
        {
            if (Stores.Assets.FindByPathOrNull(library.Id, $"{asset % 5}.jpg") is not { } id)
                continue;
            string[] names = [.. Enumerable.Range(0, 4).Where(bit => (tag >> bit & 1) != 0).Select(bit => $"tag{bit}")];
            Task edit = (kind % 8) switch
            {
                0 or 1 or 2 => Stores.Tags.AddAsync(id, names, Token),
                3 or 4 => Stores.Tags.RemoveAsync(id, $"tag{tag % 4}", Token),
                5 or 6 => FileTagsAsync(id, names),
                _ => Stores.Database.WriteAsync(transaction => transaction.Connection.Execute("DELETE FROM assets WHERE id = @id", ("@id", id)), WriteUrgency.Urgent, Token),
            };
            await edit;
        }

        Assert.Equal(0, Scalar<long>("SELECT COUNT(*) FROM tags t WHERE assets <> (SELECT COUNT(DISTINCT asset_id) FROM asset_tags WHERE tag_id = t.id)"));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("tag:dog", "a.jpg b.jpg")]
    [InlineData("TAG:DOG", "a.jpg b.jpg")]
    [InlineData("tag:do", "")]
    [InlineData("tag:\"new york\"", "b.jpg")]
    [InlineData("tag:dog tag:\"new york\"", "b.jpg")]
    [InlineData("tag:dog a.jpg", "a.jpg")]
    [InlineData("tag:unknown", "")]
    [InlineData("tag:", "")]
    public async Task Page_TagInTheQuery_FindsAssetsThatHaveIt(string query, string expected)
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg", "c.jpg");
        await Stores.Tags.AddAsync(IdOf(library, "a.jpg"), ["dog"], Token);
        await FileTagsAsync(IdOf(library, "b.jpg"), "Dog", "New York");

        var found = Stores.Assets.Find(Stores.Browse.Page(library.Id, AssetSort.Name, false, query, 0, 10).Ids);

        Assert.Equal(expected, string.Join(' ', found.Select(asset => asset.Name)));
    }

    private static readonly string[] s_names =
    [
        "re:zero", ":3", ">:)", "when_you_see_it...", "O'Brien", "a\\b", "100%", "under_score", "rock & roll", "C++", "#1", "steins;gate", "-minus", "*", "tag:inside",
        "status:failed", "12\"", "6\" lens", "say \"cheese\" please", "\"quoted\"", "\u00FCn\u00EF \u00E7\u00F8d\u00E9", "\u4E8C \u5B57", new('x', 200),
    ];

    [Fact]
    public async Task Page_TagWithAnyCharacters_FindsTheAssetsThatHaveItAndNoOthers()
    {
        var library = await AddLibraryAsync("/photos", [.. s_names.Select((_, place) => $"{place:00}.jpg"), "without.jpg"]);
        foreach (var (place, name) in s_names.Index())
            await Stores.Tags.AddAsync(IdOf(library, $"{place:00}.jpg"), [TagName.NormalizeOrNull(name)!], Token);

        foreach (var (place, name) in s_names.Index())
        {
            var escaped = name.Replace("\\", "\\\\").Replace("\"", "\\\"");
            foreach (var query in new[] { name.Contains(' ') ? $"tag:\"{name}\"" : $"tag:{name}", $"tag:\"{escaped}\"" })
                Assert.Equal((query, $"{place:00}.jpg"), (query, string.Join(' ', Stores.Assets.Find(Stores.Browse.Page(library.Id, AssetSort.Name, false, query, 0, 10).Ids).Select(asset => asset.Name))));
        }

        foreach (var (place, name) in s_names.Index())
            Assert.Empty((await Stores.Tags.RemoveAsync(IdOf(library, $"{place:00}.jpg"), TagName.NormalizeOrNull(name)!, Token))!);
    }

    [Fact]
    public async Task Tags_ComposedOrNot_AreOneAndAreFoundEitherWay()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg", "c.jpg", "d.jpg", "old.jpg");
        await FileTagsAsync(IdOf(library, "a.jpg"), "C\u00E3o");
        await FileTagsAsync(IdOf(library, "b.jpg"), "Ca\u0303o");
        await FileTagsAsync(IdOf(library, "c.jpg"), "\u3052\u3093");
        await FileTagsAsync(IdOf(library, "d.jpg"), "\u30B1\u30F3"); // other letters, though they sound alike
        Assert.Equal(["C\u00E3o 2", "\u3052\u3093 1", "\u30B1\u30F3 1"], Counts());
        // As an earlier version wrote what somebody gave.
        await Stores.Database.WriteAsync(
            transaction => transaction.Connection.Execute("INSERT INTO tags (folded, name) VALUES ('ze\u0301', 'Ze\u0301')") + transaction.Connection.Execute(
                "INSERT INTO asset_tags (asset_id, tag_id, source) SELECT @id, id, 0 FROM tags WHERE name = 'Ze\u0301'", ("@id", IdOf(library, "old.jpg"))),
            WriteUrgency.Urgent,
            Token);

        foreach (var (query, expected) in new[]
        {
            ("tag:C\u00E3o", "a.jpg b.jpg"), ("tag:ca\u0303o", "a.jpg b.jpg"), ("tag:\u3052\u3093", "c.jpg"), ("tag:\u3051\u3099\u3093", "c.jpg"), ("tag:\u30B1\u30F3", "d.jpg"), ("tag:Z\u00E9", "old.jpg"),
        })
            Assert.Equal((query, expected), (query, string.Join(' ', Stores.Assets.Find(Stores.Browse.Page(library.Id, AssetSort.Name, false, query, 0, 10).Ids).Select(asset => asset.Name))));
        Assert.Empty((await Stores.Tags.RemoveAsync(IdOf(library, "old.jpg"), "z\u00E9", Token))!);
    }

    [Fact]
    public async Task Page_TagAddedAndRemoved_MovesTheAssetInAndOut()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        Assert.Equal(0, Stores.Browse.Page(library.Id, AssetSort.Name, false, "tag:dog", 0, 10).Total);
        await Stores.Tags.AddAsync(IdOf(library, "b.jpg"), ["dog"], Token);
        await RebuildAsync();
        Assert.Equal([IdOf(library, "b.jpg")], Stores.Browse.Page(library.Id, AssetSort.Name, false, "tag:dog", 0, 10).Ids);

        await Stores.Tags.RemoveAsync(IdOf(library, "b.jpg"), "dog", Token);
        await RebuildAsync();
        Assert.Equal(0, Stores.Browse.Page(library.Id, AssetSort.Name, false, "tag:dog", 0, 10).Total);
    }

    private static string Text(AssetTag tag) => $"{tag.Name}: {string.Join(' ', tag.Sources)}";

    private IEnumerable<string> Counts() => Stores.TagCounts.Find("", 100).Tags.Select(tag => $"{tag.Name} {tag.Assets}");

    private Task<bool> FileTagsAsync(long assetId, params IReadOnlyList<string> keywords) => Stores.Database.WriteAsync(
        transaction =>
        {
            Stores.Tags.WriteFileTags(transaction, assetId, keywords);
            return true;
        },
        WriteUrgency.Urgent,
        Token);

    private Task RebuildAsync() => Rebuilds.RunAskedAsync(Stores);
}

public sealed class SqliteTagStoreTests : TagStoreContract;

[SharedServerTests]
public sealed class PostgresTagStoreTests : TagStoreContract
{
    private protected override IStoreSource NewSource() => new PostgresStores();
}
