using Vitrine.Images;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Tests.Contracts;

public abstract class AssetContract : StoreContract
{
    [Fact]
    public async Task FindOrNull_NewAsset_KnowsWhatTheDirectorySaid()
    {
        var library = await AddLibraryAsync("/photos", "2024/ä b.jpg@1700000000000000");

        var asset = Stores.Assets.FindOrNull(IdOf(library, "2024/ä b.jpg"))!;

        Assert.Equal(
            ("2024/ä b.jpg", "ä b.jpg", AssetKind.Image, AssetStatus.Pending, 100L),
            (asset.Path, asset.Name, asset.Kind, asset.Status, asset.Size));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), asset.ModifiedAt);
        Assert.Equal(ManualTime.Start, asset.AddedAt);
        Assert.Null(asset.Width ?? asset.Height ?? asset.Colour);
        Assert.Null(asset.CapturedAt);
        Assert.Null(asset.Sha256);
        Assert.False(asset.HasThumbnail);
        Assert.Null(asset.Failure);
    }

    /// <summary>What the camera's clock showed, and how far it was from UTC.</summary>
    [Theory]
    [InlineData("2021-04-11T15:47:53-05:00")]
    [InlineData("2021-04-11T15:47:53+05:30")]
    [InlineData("2021-04-11T15:47:53")]
    public async Task FindOrNull_CaptureTime_ComesBackAsItWasRead(string time)
    {
        var id = IdOf(await AddLibraryAsync("/photos", "a.jpg"), "a.jpg");
        var captured = WallTime.Parse(time);

        await Stores.Database.WriteAsync(
            transaction =>
            {
                PictureDetailsStore.Write(transaction, id, new FileIdentity(new byte[32], new byte[16], 100), header: null, new PictureMetadata { CapturedAt = captured }, perceptualHash: null, warning: null);
                transaction.Connection.Execute("UPDATE assets SET captured_at = @captured WHERE id = @id", ("@captured", captured.ToStored()), ("@id", id));
            },
            WriteUrgency.Urgent,
            Token);

        Assert.Equal(time, Stores.Assets.FindOrNull(id)!.CapturedAt?.ToString());
        Assert.Equal(time, new PictureDetailsStore(Stores.Database).FindOrNull(id)!.Metadata.CapturedAt?.ToString());
    }

    [Fact]
    public void FindOrNull_UnknownId_IsNull() => Assert.Null(Stores.Assets.FindOrNull(17));

    [Fact]
    public async Task Find_AnyOrder_KeepsItAndLeavesOutWhatIsGone()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg", "c.jpg");
        long[] ids = [IdOf(library, "c.jpg"), 4711, IdOf(library, "a.jpg")];

        Assert.Equal(["c.jpg", "a.jpg"], Stores.Assets.Find(ids).Select(asset => asset.Path));
        Assert.Empty(Stores.Assets.Find([]));
    }

    [Fact]
    public async Task Find_FailedAsset_HasItsReasonUntilItIsRetried()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        await FailAsync((await ClaimAsync(await WorkerAsync())).Single(), reason: "cut off");
        var id = IdOf(library, "a.jpg");

        Assert.Equal(new FailureReason(FailureClass.CutOff, null), Stores.Assets.Find([id]).Single().Failure);
        await Stores.Retries.RetryAsync(id, Token);
        Assert.Null(Stores.Assets.FindOrNull(id)!.Failure);
    }

    [Theory]
    [InlineData("it's \"quoted\".jpg")]
    [InlineData("new\nline.png")]
    [InlineData("\U0001F600 smile.webp")]
    [InlineData("100%_\\.gif")]
    [InlineData("e\u0301.jpg")] // decomposed: another file than the composed one
    public async Task FindByPathOrNull_OddNames_AreKeptExactly(string name)
    {
        var library = await AddLibraryAsync("/photos", $"odd {name}/{name}", "\u00E9.jpg");

        Assert.Equal($"odd {name}/{name}", Stores.Assets.FindOrNull(IdOf(library, $"odd {name}/{name}"))!.Path);
    }

    [Fact]
    public async Task FindByPathOrNull_OtherLibrary_DoesNotFind()
    {
        await AddLibraryAsync("/one", "a.jpg");
        var other = await AddLibraryAsync("/other", "b.jpg");

        Assert.Null(Stores.Assets.FindByPathOrNull(other.Id, "a.jpg"));
    }

    [Fact]
    public async Task Page_AnyOffset_GivesThatSliceWithItsAssets()
    {
        var library = await AddLibraryAsync("/photos", [.. Enumerable.Range(0, 300).Select(index => $"{index:D3}.jpg")]);

        var (total, ids) = Stores.Browse.Page(library.Id, AssetSort.Added, descending: false, null, 295, 100);

        Assert.Equal(300, total);
        Assert.Equal(["295.jpg", "296.jpg", "297.jpg", "298.jpg", "299.jpg"], Stores.Assets.Find(ids).Select(asset => asset.Path));
    }
}

public sealed class SqliteAssetTests : AssetContract;

[SharedServerTests]
public sealed class PostgresAssetTests : AssetContract
{
    private protected override IStoreSource NewSource() => new PostgresStores();
}
