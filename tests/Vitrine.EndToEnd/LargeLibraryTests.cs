using System.Text.Json;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>A hundred thousand assets, most of them still to be read.</summary>
public sealed class LargeLibraryTests(Chromium chromium) : ScreenTest(chromium)
{
    private const int Total = 100_000;

    /// <summary>Tiles that a person sees.</summary>
    private const string InView = """
        [...document.querySelectorAll('[data-testid=tile]')].filter((tile) => {
          const grid = document.querySelector('[data-testid=grid]').getBoundingClientRect();
          const box = tile.getBoundingClientRect();
          return box.top < grid.bottom && box.bottom > grid.top;
        })
        """;

    [Fact]
    public async Task Scroll_JumpToMiddleAndEnd_KeepsTheDomSmallAndBringsPicturesThereFirst()
    {
        var folder = NewFolder();
        var vitrine = await StartAsync();
        var library = await vitrine.AddLibraryAsync(folder.Path);
        // Work goes on only while something is waited for: however quick the machine is and slow the browser, most stays undone.
        await vitrine.FillPausedAsync(library, () => folder.WithLinkedPictures(Total));
        var screen = await OpenAsync(vitrine);
        await screen.GoToLibraryAsync(library);
        await Expect(screen.Grid).ToHaveAttributeAsync("data-total", Total.ToString());
        await WorkOnViewAsync(vitrine, library, screen);
        var tilesAtTop = await screen.Tiles.CountAsync();
        var elementsAtTop = await screen.Page.Locator("*").CountAsync();

        foreach (var part in new[] { 0.5, 1.0 })
        {
            await screen.Grid.EvaluateAsync("(grid, part) => { grid.scrollTop = part * (grid.scrollHeight - grid.clientHeight); }", part);
            var wanted = (int)(part * Total);
            await screen.Page.WaitForFunctionAsync(
                "(wanted) => [...document.querySelectorAll('[data-testid=tile]')].some((tile) => Math.abs(Number(tile.dataset.index) - wanted) < 200)", wanted);
            var progress = await WorkOnViewAsync(vitrine, library, screen);
            await screen.KeepPictureAsync(part < 1 ? "large-middle" : "large-end");
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
        await screen.AssertNothingMovedAsync();
    }

    /// <summary>Lets the work go on until everything in view was read, and waits until it shows its picture.</summary>
    /// <returns>The progress at the moment when the work was paused again.</returns>
    private static async Task<JsonElement> WorkOnViewAsync(RunningVitrine vitrine, string library, Screen screen)
    {
        await screen.Page.WaitForFunctionAsync($"() => {InView}.length > 0 && {InView}.every((tile) => tile.dataset.assetId)");
        var pending = (await screen.Page.EvaluateAsync<string[]>($"() => {InView}.map((tile) => tile.dataset.assetId)")).ToHashSet();
        await vitrine.PostAsync($"/api/libraries/{library}/resume");
        await Patience.UntilAsync(async () =>
        {
            foreach (var id in pending.ToList())
            {
                if ((await vitrine.GetAsync($"/api/assets/{id}")).GetProperty("status").GetString() != "pending")
                    pending.Remove(id);
            }

            return pending.Count == 0;
        });
        await vitrine.PostAsync($"/api/libraries/{library}/pause");
        var progress = await vitrine.GetAsync($"/api/progress/{library}");
        await screen.Page.WaitForFunctionAsync($"() => {InView}.every((tile) => tile.dataset.state === 'picture')");
        return progress;
    }
}
