using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>The whole way without a mouse.</summary>
public sealed class KeyboardTests(Chromium chromium) : ScreenTest(chromium)
{
    [Fact]
    public async Task Journey_KeysOnly_AddsMovesOpensTurnsAndComesBack()
    {
        const int total = 80;
        var folder = NewFolder().WithPictures(total);
        var vitrine = await StartAsync();
        var screen = await OpenAsync(vitrine);
        var keys = screen.Page.Keyboard;
        await screen.Page.GotoAsync("/");
        await Expect(screen.Page.GetByTestId("add-path")).ToBeVisibleAsync();
        await TabToAsync(screen, "[data-testid=add-path]");
        await keys.TypeAsync(folder.Path);
        await keys.PressAsync("Enter");
        await Expect(screen.Page.GetByTestId("progress")).ToHaveAttributeAsync("data-status", "complete");
        // Progress and events come by two sockets: the last files may not be in the grid yet.
        await Expect(screen.Grid).ToHaveAttributeAsync("data-total", total.ToString());
        await Expect(screen.Tile(0)).ToHaveAttributeAsync("data-state", "picture");

        await TabToAsync(screen, "[data-testid=tile]");
        await Expect(screen.Tile(0)).ToBeFocusedAsync();
        await keys.PressAsync("ArrowRight");
        await Expect(screen.Tile(1)).ToBeFocusedAsync();
        await keys.PressAsync("ArrowLeft");
        await keys.PressAsync("ArrowDown");
        var columns = int.Parse((await screen.Grid.GetAttributeAsync("aria-colcount"))!);
        await Expect(screen.Tile(columns)).ToBeFocusedAsync();
        await keys.PressAsync("ArrowUp");
        await Expect(screen.Tile(0)).ToBeFocusedAsync();
        await keys.PressAsync("End");
        await Expect(screen.Tile(total - 1)).ToBeFocusedAsync();
        await Expect(screen.Tile(total - 1)).ToBeInViewportAsync(new() { Ratio = 1 });
        await keys.PressAsync("Home");
        await Expect(screen.Tile(0)).ToBeFocusedAsync();
        await keys.PressAsync("PageDown");
        await Expect(screen.Focused).Not.ToHaveAttributeAsync("data-index", "0");
        await Expect(screen.Focused).ToBeInViewportAsync(new() { Ratio = 1 });
        await keys.PressAsync("PageUp");
        await Expect(screen.Tile(0)).ToBeFocusedAsync();

        await keys.PressAsync("ArrowRight");
        await Expect(screen.Tile(1)).ToBeFocusedAsync();
        var names = new string[3];
        for (var i = 1; i <= 3; i++)
            names[i - 1] = (await screen.Tile(i).Locator(".label").TextContentAsync())!;
        await keys.PressAsync("Enter");
        var title = screen.Viewer.GetByRole(AriaRole.Heading, new() { Level = 1 });
        await Expect(title).ToHaveTextAsync(names[0]);
        await Expect(screen.Viewer.GetByTestId("preview")).ToBeVisibleAsync();
        await keys.PressAsync("ArrowRight");
        await Expect(title).ToHaveTextAsync(names[1]);
        await keys.PressAsync("ArrowRight");
        await Expect(title).ToHaveTextAsync(names[2]);
        await keys.PressAsync("ArrowLeft");
        await Expect(title).ToHaveTextAsync(names[1]);
        var isOpen = await screen.Page.GetByTestId("info").IsVisibleAsync();
        await keys.PressAsync("i");
        await Expect(screen.Page.GetByTestId("info")).ToBeVisibleAsync(new() { Visible = !isOpen });
        await keys.PressAsync("Escape");
        await Expect(screen.Viewer).ToHaveCountAsync(0);
        await Expect(screen.Tile(2)).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Viewer_TabRoundAndRound_StaysInside()
    {
        var folder = NewFolder().WithPictures(3);
        var vitrine = await StartAsync();
        var library = await vitrine.AddLibraryAsync(folder.Path);
        await vitrine.WaitUntilFinalAsync(library);
        var screen = await OpenAsync(vitrine);
        await screen.GoToLibraryAsync(library);
        await Expect(screen.Tile(1)).ToHaveAttributeAsync("data-state", "picture");
        await screen.Tile(1).DblClickAsync();
        await Expect(screen.Viewer).ToBeVisibleAsync();
        await Expect(screen.Viewer.GetByTestId("preview")).ToBeVisibleAsync();
        for (var i = 0; i < 15; i++)
        {
            await screen.Page.Keyboard.PressAsync(i < 8 ? "Tab" : "Shift+Tab");
            Assert.True(await screen.Viewer.EvaluateAsync<bool>("(viewer) => viewer.contains(document.activeElement)"));
        }
    }

    /// <summary>Presses Tab until something that matches has the focus.</summary>
    private static async Task TabToAsync(Screen screen, string selector)
    {
        for (var i = 0; i < 40; i++)
        {
            await screen.Page.Keyboard.PressAsync("Tab");
            if (await screen.Page.EvaluateAsync<bool>("(selector) => document.activeElement.matches(selector)", selector))
                return;
        }
        Assert.Fail($"Tab never reaches {selector}.");
    }
}
