using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>A hundred thousand assets, most of them still to be read.</summary>
public sealed class LargeLibraryTests(Chromium chromium) : ScreenTest(chromium)
{
    private const int Total = 100_000;

    [Fact]
    public async Task Scroll_JumpToMiddleAndEnd_KeepsTheDomSmallAndBringsPicturesThereFirst()
    {
        var folder = NewFolder().WithLinkedPictures(Total);
        var vitrine = await StartAsync();
        var library = await vitrine.AddLibraryAsync(folder.Path);
        var screen = await OpenAsync(vitrine);
        await screen.GoToLibraryAsync(library);
        await Expect(screen.Grid).ToHaveAttributeAsync("data-total", Total.ToString());
        await ExpectPicturesAsync(screen);
        var tilesAtTop = await screen.Tiles.CountAsync();
        var elementsAtTop = await screen.Page.Locator("*").CountAsync();

        foreach (var part in new[] { 0.5, 1.0 })
        {
            await screen.Grid.EvaluateAsync("(grid, part) => { grid.scrollTop = part * (grid.scrollHeight - grid.clientHeight); }", part);
            var wanted = (int)(part * Total);
            await screen.Page.WaitForFunctionAsync(
                "(wanted) => [...document.querySelectorAll('[data-testid=tile]')].some((tile) => Math.abs(Number(tile.dataset.index) - wanted) < 200)", wanted);
            await ExpectPicturesAsync(screen);
            await screen.KeepPictureAsync(part < 1 ? "large-middle" : "large-end");
            var progress = await vitrine.GetAsync($"/api/progress/{library}");
            Assert.True(progress.GetProperty("pending").GetInt32() > Total / 4, $"The pictures are there, but so is everything else: {progress}");
            Assert.InRange(await screen.Tiles.CountAsync(), tilesAtTop - 12, tilesAtTop);
            // Icons and words of pending tiles come and go; rows and tiles do not.
            Assert.InRange(await screen.Page.Locator("*").CountAsync(), 1, elementsAtTop * 2);
        }
        await Expect(screen.Tile(Total - 1)).ToBeInViewportAsync();

        await screen.Tile(Total - 1).ClickAsync();
        await screen.Page.Keyboard.PressAsync("Home");
        await Expect(screen.Tile(0)).ToBeFocusedAsync();
        await Expect(screen.Tile(0)).ToBeInViewportAsync();
        var (shift, what) = await screen.LayoutShiftAsync();
        Assert.True(shift == 0, what);
    }

    /// <summary>Waits until every tile in view shows its picture.</summary>
    private static Task ExpectPicturesAsync(Screen screen) => screen.Page.WaitForFunctionAsync("""
        () => {
          const grid = document.querySelector('[data-testid=grid]').getBoundingClientRect();
          const inView = [...document.querySelectorAll('[data-testid=tile]')].filter((tile) => {
            const box = tile.getBoundingClientRect();
            return box.top < grid.bottom && box.bottom > grid.top;
          });
          return inView.length > 0 && inView.every((tile) => tile.dataset.state === 'picture');
        }
        """, null, new() { Timeout = 20_000 });
}
