using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>What is selected, and that the number said is the number selected.</summary>
public sealed class SelectionTests(Chromium chromium, FinishedLibrary finished) : FinishedLibraryTest(chromium, finished)
{
    [Fact]
    public async Task Selection_ClickShiftCtrl_SaysTheExactCount()
    {
        var screen = await OpenGridAsync();
        await screen.Tile(2).ClickAsync();
        await ExpectSelectedAsync(screen, 1);
        await screen.Tile(9).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await ExpectSelectedAsync(screen, 8);
        await Expect(screen.Page.Locator("[data-testid=tile][aria-selected=true]")).ToHaveCountAsync(8);
        await screen.Tile(5).ClickAsync(new() { Modifiers = [KeyboardModifier.Control] });
        await ExpectSelectedAsync(screen, 7);
        await Expect(screen.Tile(5)).ToHaveAttributeAsync("aria-selected", "false");
        await screen.Tile(12).ClickAsync(new() { Modifiers = [KeyboardModifier.Control] });
        await ExpectSelectedAsync(screen, 8);
        await screen.KeepPictureAsync("selection");
        await screen.Tile(0).ClickAsync();
        await ExpectSelectedAsync(screen, 1);
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Expect(screen.Page.GetByTestId("selection")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Selection_Keyboard_SaysTheExactCount()
    {
        var screen = await OpenGridAsync();
        var keys = screen.Page.Keyboard;
        await screen.Tile(0).FocusAsync();
        await keys.PressAsync("Space");
        await ExpectSelectedAsync(screen, 1);
        await keys.PressAsync("Shift+ArrowRight");
        await keys.PressAsync("Shift+ArrowRight");
        await ExpectSelectedAsync(screen, 3);
        await keys.PressAsync("Shift+ArrowLeft");
        await ExpectSelectedAsync(screen, 2);
        await keys.PressAsync("Shift+End");
        await ExpectSelectedAsync(screen, FinishedLibrary.Total);
        await keys.PressAsync("Escape");
        await Expect(screen.Page.GetByTestId("selection")).ToHaveCountAsync(0);
        await keys.PressAsync("Control+a");
        await ExpectSelectedAsync(screen, FinishedLibrary.Total);
    }

    [Fact]
    public async Task Selection_RubberBand_SelectsWhatItTouches()
    {
        var screen = await OpenGridAsync();
        var from = (await screen.Tile(0).BoundingBoxAsync())!;
        var to = (await screen.Tile(2).BoundingBoxAsync())!;
        var mouse = screen.Page.Mouse;
        await mouse.MoveAsync(from.X - 6, from.Y + 40);
        await mouse.DownAsync();
        await mouse.MoveAsync(to.X + 30, to.Y + 90, new() { Steps = 6 });
        await ExpectSelectedAsync(screen, 3);
        await mouse.UpAsync();
        await ExpectSelectedAsync(screen, 3);
    }

    private static Task ExpectSelectedAsync(Screen screen, int count) =>
        Expect(screen.Page.GetByTestId("selection")).ToContainTextAsync($"{count} selected");
}
