using System.Net;
using Vitrine.Cli;
using Vitrine.Cli.Client;
using Vitrine.Cli.Samples;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Server.Tests.Api;

/// <summary><c>vitrine demo --compare</c>: the same folder, imported two ways.</summary>
public sealed class ComparisonApiTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public async Task Compare_SamePictures_BothReadThemAllAndBothWatchesStand()
    {
        WritePictures();
        await using var server = await RunningServer.StartAsync(options: new ServerOptions { ComparedFolder = _pictures.Folder });
        using var client = new VitrineClient(server.Address.ToString().TrimEnd('/'), token: null);
        var comparison = new ImportComparison(client, _pictures.Folder, TimeProvider.System);
        Assert.Equal(("", ""), (comparison.Background.First, comparison.Foreground.All));

        await comparison.PrepareAsync(Cancelled);
        await comparison.RunAsync(Cancelled);

        Assert.Equal(3, comparison.Files);
        foreach (var watch in (ImportStopwatch[])[comparison.Background, comparison.Foreground])
        {
            Assert.Matches(@"^\d+\.\d s$", watch.First);
            Assert.Matches(@"^\d+\.\d s$", watch.All);
        }

        Assert.Matches(@"(?s)all 3 files\s+The blocking way.*Vitrine's way", comparison.ToString());
        // It is one request, which decodes everything before it answers, and stores nothing.
        var answer = await server.PostAsync("/api/compare", expected: HttpStatusCode.OK);
        Assert.Equal((3, 1, 2), (answer.GetProperty("files").GetInt32(), answer.GetProperty("failed").GetInt32(), answer.GetProperty("thumbnails").GetArrayLength()));
        Assert.All(answer.GetProperty("thumbnails").EnumerateArray(), thumbnail => Assert.Equal("WEBP"u8.ToArray(), thumbnail.GetBytesFromBase64()[8..12]));
        Assert.Equal(1, (await server.GetAsync("/api/libraries")).GetProperty("items").GetArrayLength());

        File.Delete(Path.Join(_pictures.Folder, "b.jpg"));
        File.Delete(Path.Join(_pictures.Folder, "broken.jpg"));
        var other = new ImportComparison(client, _pictures.Folder, TimeProvider.System);
        var differing = await Assert.ThrowsAsync<CommandException>(() => other.RunAsync(Cancelled));
        Assert.Contains("1 files (failed: 0), Vitrine's way 3 (failed: 1)", differing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_WhereNothingIsCompared_IsNotThere()
    {
        await using var server = await RunningServer.StartAsync();

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
            Assert.True((await server.SendAsync(method, "/api/compare")).StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed);
    }

    private void WritePictures()
    {
        _pictures.Jpeg("a.jpg", 40, 30);
        _pictures.Jpeg("b.jpg", 30, 40);
        File.WriteAllText(Path.Join(_pictures.Folder, "broken.jpg"), "not a picture");
        File.WriteAllText(Path.Join(_pictures.Folder, "notes.txt"), "no asset");
    }
}
