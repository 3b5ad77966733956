using System.Net;
using Vitrine.Images;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Images;

[Collection(nameof(ProcessTests))]
public sealed class DerivedBucketTests : IDisposable
{
    private static readonly DerivedName s_name = DerivedName.Thumbnail([0xAB, 0xCD, 0xEF]);

    private readonly TestFolder _folder = new();
    private readonly BucketServer _store = new();

    public DerivedBucketTests()
    {
        // The only way the library takes keys that are not in a file.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "key");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "secret");
        Environment.SetEnvironmentVariable("AWS_REGION", "us-east-1");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Write_ByOneMachine_IsReadByAnotherAndFetchedOnce()
    {
        using var here = Open("here");
        using var there = Open("there");
        await here.WriteAsync(s_name, new byte[] { 1, 2, 3 }, Token);

        var file = await there.FindOrNullAsync(s_name, Token);
        var again = await there.FindOrNullAsync(s_name, Token);

        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(file!, Token));
        Assert.Equal(file, again);
        Assert.StartsWith(_folder.File("there"), file, StringComparison.Ordinal);
        Assert.Equal(["PUT /pictures/derived/thumbnails/ab/cd/abcdef.webp 200", "GET /pictures/derived/thumbnails/ab/cd/abcdef.webp 200"], _store.Requests);
    }

    [Fact]
    public async Task Write_SecondWriter_IsRefusedByTheStoreAndContent()
    {
        using var here = Open("here");
        using var there = Open("there");
        await here.WriteAsync(s_name, new byte[] { 1, 2, 3 }, Token);
        await there.WriteAsync(s_name, new byte[] { 1, 2, 3 }, Token);

        Assert.EndsWith(" 412", _store.Requests.Last(), StringComparison.Ordinal);
        Assert.NotNull(await there.FindOrNullAsync(s_name, Token));
    }

    [Fact]
    public async Task Find_NeverMade_IsNull()
    {
        using var bucket = Open("here");
        Assert.Null(await bucket.FindOrNullAsync(s_name, Token));
    }

    [Fact]
    public async Task FindAndWrite_StoreInTrouble_AreIOErrorsThatSayWhere()
    {
        _store.Trouble = HttpStatusCode.Forbidden;
        using var bucket = Open("here");

        var read = await Assert.ThrowsAsync<IOException>(() => bucket.FindOrNullAsync(s_name, Token));
        var written = await Assert.ThrowsAsync<IOException>(() => bucket.WriteAsync(s_name, new byte[] { 1 }, Token));

        Assert.Contains("s3://pictures/derived", read.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be written", written.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/mnt/derived")]
    [InlineData("s3:")]
    [InlineData("https://bucket/prefix")]
    public void Open_NotABucket_IsRefused(string address) =>
        Assert.Throws<ArgumentException>(() => new DerivedBucket(address, _store.Endpoint, Nearby("here")).Dispose());

    private DerivedBucket Open(string machine) => new("s3://pictures/derived", _store.Endpoint, Nearby(machine));

    private DerivedFolder Nearby(string machine) => new(_folder.File(machine), shared: false, TimeProvider.System);
}
