using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>One asset at a time.</summary>
public sealed class ViewerTests(Chromium chromium, FinishedLibrary finished) : FinishedLibraryTest(chromium, finished)
{
    [Fact]
    public async Task Viewer_PreviousAndNext_TurnsThroughTheOrderOfTheGrid()
    {
        var screen = await OpenGridAsync();
        var first = await screen.Tile(10).Locator(".label").TextContentAsync();
        var second = await screen.Tile(11).Locator(".label").TextContentAsync();
        await screen.Tile(10).DblClickAsync();
        var title = screen.Viewer.GetByRole(AriaRole.Heading, new() { Level = 1 });
        await Expect(title).ToHaveTextAsync(first!);
        await screen.Viewer.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(title).ToHaveTextAsync(second!);
        await Expect(screen.Viewer).ToContainTextAsync($"12 of {FinishedLibrary.Total}");
        await Expect(screen.Viewer.GetByTestId("preview")).ToHaveJSPropertyAsync("complete", true);
        await screen.Viewer.GetByRole(AriaRole.Button, new() { Name = "Previous" }).ClickAsync();
        await Expect(title).ToHaveTextAsync(first!);
        await screen.Page.ReloadAsync();
        await Expect(title).ToHaveTextAsync(first!);
        await screen.Viewer.GetByTestId("viewer-close").ClickAsync();
        await Expect(screen.Tile(10)).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Viewer_DescribedPicture_ShowsItsMetadata()
    {
        var screen = await OpenGridAsync("?q=described");
        await screen.Tile(0).DblClickAsync();
        var information = screen.Page.GetByTestId("info");
        await Expect(information).ToContainTextAsync("Evening at the harbour");
        await Expect(information).ToContainTextAsync("boats");
        await Expect(information).ToContainTextAsync("400 × 300");
        await Expect(screen.Viewer.GetByTestId("preview")).ToHaveJSPropertyAsync("complete", true);
        await screen.KeepPictureAsync("viewer");
    }

    [Fact]
    public async Task SimilarAssets_OnlyWhenAsked_AreComparedOnceAndKept()
    {
        var screen = await OpenGridAsync();
        // The first who ask are answered from the vectors that are in memory by then.
        var any = await screen.Tile(0).GetAttributeAsync("data-asset-id");
        await Patience.UntilAsync(async () =>
        {
            var coverage = (await Finished.Vitrine.GetAsync($"/api/assets/{any}/similar")).GetProperty("coverage");
            return coverage.GetProperty("covered").GetInt32() >= FinishedLibrary.Pictures;
        });
        await screen.Tile(20).DblClickAsync();
        await Expect(screen.Viewer.GetByTestId("preview")).ToHaveJSPropertyAsync("complete", true);
        await Expect(screen.Viewer.GetByRole(AriaRole.Button, new() { Name = "Next" })).ToBeVisibleAsync();
        await screen.Viewer.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(screen.Viewer.GetByTestId("preview")).ToHaveJSPropertyAsync("complete", true);
        Assert.Equal(0, Comparisons(screen));

        await screen.Page.GetByTestId("similar-open").ClickAsync();
        await Expect(screen.Page.GetByTestId("similar")).ToHaveCountAsync(24);
        await Expect(screen.Page.GetByTestId("coverage")).ToBeVisibleAsync();
        Assert.Equal(1, Comparisons(screen));
        await screen.KeepPictureAsync("similar");

        // Folding and unfolding, and going away and back, show what is there already.
        await screen.Page.GetByTestId("similar-open").ClickAsync();
        await screen.Page.GetByTestId("similar-open").ClickAsync();
        await Expect(screen.Page.GetByTestId("similar")).ToHaveCountAsync(24);
        await screen.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(screen.Page.GetByTestId("similar")).ToHaveCountAsync(0);
        await screen.Page.Keyboard.PressAsync("ArrowLeft");
        await screen.Page.GetByTestId("similar-open").ClickAsync();
        await Expect(screen.Page.GetByTestId("similar")).ToHaveCountAsync(24);
        Assert.Equal(1, Comparisons(screen));
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = "Find again" }).ClickAsync();
        await screen.Page.WaitForFunctionAsync("() => performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/similar')).length === 2");
        Assert.Equal(2, Comparisons(screen));
    }

    [Fact]
    public async Task Viewer_Model_ShowsItsCard()
    {
        var screen = await OpenGridAsync("?q=part.stl");
        await Expect(screen.Tile(0)).ToHaveAccessibleNameAsync(new System.Text.RegularExpressions.Regex("part.stl, 3D model"));
        await screen.Tile(0).DblClickAsync();
        var card = screen.Page.GetByTestId("model-card");
        await Expect(card).ToContainTextAsync("part.stl");
        await Expect(card.GetByRole(AriaRole.Link, new() { Name = "Download the model" })).ToBeVisibleAsync();
        await screen.KeepPictureAsync("model");
    }

    [Fact]
    public async Task Viewer_FailedAsset_SaysWhyAndOffersRetry()
    {
        var screen = await OpenGridAsync("?q=broken");
        await screen.Tile(0).DblClickAsync();
        await Expect(screen.Page.GetByTestId("viewer-failure").GetByRole(AriaRole.Button, new() { Name = "Retry" })).ToBeVisibleAsync();
        await screen.KeepPictureAsync("viewer-failed");
    }

    private static int Comparisons(Screen screen) => screen.ApiRequests.Count(request => request.Contains("/similar", StringComparison.Ordinal));
}
