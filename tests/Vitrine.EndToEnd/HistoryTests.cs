using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>Back and forward lead to where one was.</summary>
public sealed class HistoryTests(Chromium chromium, FinishedLibrary finished) : FinishedLibraryTest(chromium, finished)
{
    [Fact]
    public async Task BackAndForward_GridWasScrolled_RestoreTheScrollPosition()
    {
        var screen = await OpenAsync(Finished.Vitrine);
        await screen.Page.GotoAsync("/");
        await screen.Page.GetByRole(AriaRole.Link, new() { Name = "Harbour" }).ClickAsync();
        // Empty cases are there before the first answer; only with it is the grid as high as all assets.
        await Expect(screen.Grid).ToHaveAttributeAsync("data-total", FinishedLibrary.Total.ToString());
        await screen.Grid.EvaluateAsync("(grid) => { grid.scrollTop = 5000; }");
        // The place is remembered when scrolling has come to rest.
        await screen.Page.WaitForFunctionAsync("() => (history.state?.grid?.index ?? 0) > 0");
        var before = await TopTileAsync(screen);

        await screen.Page.GoBackAsync();
        await Expect(screen.Page.GetByTestId("library")).ToBeVisibleAsync();
        await screen.Page.GoForwardAsync();
        await Expect(screen.Tile(before.Index)).ToBeInViewportAsync();
        Assert.Equal(before, await TopTileAsync(screen));

        await screen.Page.ReloadAsync();
        await Expect(screen.Tile(before.Index)).ToBeInViewportAsync();
        Assert.Equal(before, await TopTileAsync(screen));

        // Into the viewer and back by the browser's button.
        await screen.Tile(before.Index + 8).DblClickAsync();
        await Expect(screen.Viewer).ToBeVisibleAsync();
        await screen.Page.GoBackAsync();
        await Expect(screen.Viewer).ToHaveCountAsync(0);
        Assert.Equal(before, await TopTileAsync(screen));
        await screen.Page.GoForwardAsync();
        await Expect(screen.Viewer).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Back_PicturesArriveAfterTheirTilesAreGone_NothingIsReadOfThose()
    {
        var screen = await OpenAsync(Finished.Vitrine);
        await screen.Page.GotoAsync("/");
        await screen.Page.GetByRole(AriaRole.Link, new() { Name = "Harbour" }).ClickAsync();
        await Expect(screen.Page.Locator("[data-testid=tile][data-state=picture]").First).ToBeVisibleAsync();
        await screen.Page.EvaluateAsync("() => (window.late = [...document.querySelectorAll('[data-testid=tile] img')])");

        await screen.Page.GoBackAsync();
        await Expect(screen.Page.GetByTestId("library")).ToBeVisibleAsync();

        // The browser tells of a picture in a task of its own, which may come after the page has changed: a warning of Svelte's would fail this test.
        Assert.True(await screen.Page.EvaluateAsync<int>("() => window.late.filter((image) => !image.isConnected && ['load', 'error'].every((name) => image.dispatchEvent(new Event(name)))).length") > 0);
        await Expect(screen.Page.GetByTestId("library")).ToBeVisibleAsync();
    }

    /// <summary>The first tile in view and where its top is.</summary>
    private static async Task<(int Index, int Y)> TopTileAsync(Screen screen)
    {
        var answer = await screen.Page.EvaluateAsync<int[]>("""
            () => {
              const grid = document.querySelector('[data-testid=grid]').getBoundingClientRect();
              const tiles = [...document.querySelectorAll('[data-testid=tile]')].map((tile) => ({ index: Number(tile.dataset.index), box: tile.getBoundingClientRect() }));
              const first = tiles.filter(({ box }) => box.bottom > grid.top).sort((a, b) => a.index - b.index)[0];
              return [first.index, Math.round(first.box.top)];
            }
            """);
        return (answer[0], answer[1]);
    }
}
