using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>Short ways for who uses keys: past the header, into the search, out of fields and panels, and a list of them all.</summary>
public sealed class ShortcutTests(Chromium chromium, FinishedLibrary finished) : FinishedLibraryTest(chromium, finished)
{
    [Fact]
    public async Task Keys_OfTheLibrary_SkipExplainSearchAndClose()
    {
        var screen = await OpenGridAsync();
        var keys = screen.Page.Keyboard;
        await keys.PressAsync("Tab");
        await Expect(screen.Page.GetByTestId("skip")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(screen.Tile(0)).ToBeFocusedAsync();

        await keys.PressAsync("?");
        var sheet = screen.Page.GetByTestId("keys");
        await Expect(sheet).ToContainTextAsync("search");
        Assert.Empty(await AxeRules.CheckAsync(screen.Page));
        await screen.KeepPictureAsync("keys");
        await keys.PressAsync("Escape");
        await Expect(sheet).ToHaveCountAsync(0);
        await Expect(screen.Tile(0)).ToBeFocusedAsync();

        await keys.PressAsync("/");
        await Expect(screen.Page.GetByTestId("query")).ToBeFocusedAsync();
        await Expect(screen.Page.GetByTestId("query")).ToHaveValueAsync("");
        await keys.PressAsync("Escape");
        await Expect(screen.Tile(0)).ToBeFocusedAsync();

        var button = screen.Page.GetByTestId("failures-button");
        await button.ClickAsync();
        var panel = screen.Page.GetByTestId("failures");
        await Expect(panel).ToBeFocusedAsync();
        await keys.PressAsync("Escape");
        await Expect(panel).ToHaveCountAsync(0);
        await Expect(button).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Keys_OfTheViewer_WriteIntoTheFieldLeaveItAndScrollTheInformation()
    {
        const string Written = "a-0+?/i";
        var screen = await OpenGridAsync("?q=described", new() { ViewportSize = new() { Width = 1280, Height = 420 } });
        var keys = screen.Page.Keyboard;
        await screen.Tile(0).DblClickAsync();
        var information = screen.Page.GetByTestId("info");
        await Expect(information).ToContainTextAsync("SHA-256");
        var field = screen.Page.GetByTestId("tag-input");
        await field.FocusAsync();
        await keys.TypeAsync(Written);
        await Expect(field).ToHaveValueAsync(Written);
        await Expect(screen.Page.GetByTestId("stage")).ToHaveAttributeAsync("data-zoom", "1.00");
        await keys.PressAsync("Escape");
        await Expect(screen.Viewer).ToBeFocusedAsync();

        await information.EvaluateAsync("(information) => information.scrollTop = 0");
        await information.FocusAsync();
        await keys.PressAsync("End");
        await screen.Page.WaitForFunctionAsync("() => document.querySelector('[data-testid=info]').scrollTop > 0");
        await keys.PressAsync("Escape");
        await Expect(screen.Viewer).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task ResponsivenessTest_Clicked_CountsClicksAndSaysHowLongEachTook()
    {
        var screen = await OpenGridAsync("?sort=path&debug");
        var test = screen.Page.GetByTestId("responsiveness");
        for (var click = 0; click < 3; click++)
            await test.GetByTestId("test-responsiveness").ClickAsync();
        await Expect(test).ToHaveAttributeAsync("data-clicks", "3");
        await Expect(test.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
        foreach (var measure in (string[])["slowest", "frame"])
            await Expect(test.Locator($"[data-measure={measure}]")).ToHaveAttributeAsync("data-pace", new System.Text.RegularExpressions.Regex("^(fast|slow|stuck)$"));
        await screen.KeepPictureAsync("responsiveness");
        await test.GetByRole(AriaRole.Button, new() { Name = "Start over" }).ClickAsync();
        await Expect(test).ToHaveAttributeAsync("data-clicks", "0");
    }
}
