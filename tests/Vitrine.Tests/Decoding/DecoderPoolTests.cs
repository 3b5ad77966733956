using Vitrine.Decoding;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Tests.Decoding;

public sealed class DecoderPoolTests : IDisposable
{
    private readonly SamplePictures pictures = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => pictures.Dispose();

    [Fact]
    public async Task Inspect_Photograph_GivesEverything()
    {
        var path = pictures.Jpeg("one.jpg", 400, 300);
        await using var pool = new DecoderPool(new DecoderOptions { Processes = 1 });

        var inspection = await pool.InspectAsync(new InspectRequest(path), Cancelled);

        Assert.Null(inspection.Failure);
        Assert.Equal(new("jpeg", 400, 300, 1, 1), inspection.Header);
        Assert.Equal(new FileInfo(path).Length, inspection.Identity!.Size);
        Assert.Equal((320, 240), (inspection.Thumbnail!.Width, inspection.Thumbnail.Height));
    }
}
