using System.Text.RegularExpressions;
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
        await keys.TypeAsync("described");
        await Expect(screen.Grid).ToHaveAttributeAsync("data-total", "1");
        await keys.PressAsync("Escape");
        await Expect(screen.Page.GetByTestId("query")).ToHaveValueAsync("");
        await Expect(screen.Grid).ToHaveAttributeAsync("data-total", $"{FinishedLibrary.Total}");
        await Expect(screen.Page.GetByTestId("query")).ToBeFocusedAsync();
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

        // What lies over the viewer has the keys, also when nothing in it has the focus.
        await keys.PressAsync("?");
        var sheet = screen.Page.GetByTestId("keys");
        await Expect(sheet).ToBeVisibleAsync();
        await screen.Page.EvaluateAsync("() => document.activeElement.blur()"); // as a click on its text does in some browsers
        await keys.PressAsync("i");
        await keys.PressAsync("Escape");
        await Expect(sheet).ToHaveCountAsync(0);
        await Expect(screen.Viewer).ToBeVisibleAsync();
        await Expect(information).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Expect(screen.Viewer).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task ResponsivenessTest_Clicked_CountsClicksAndSaysHowLongEachTook()
    {
        var screen = await OpenGridAsync("?sort=path&debug");
        var test = screen.Page.GetByTestId("responsiveness");
        var button = (await test.GetByTestId("test-responsiveness").BoundingBoxAsync())!;
        for (var click = 0; click < 3; click++)
        {
            // The mouse stays where it is, whatever the panel counts meanwhile.
            await screen.Page.Mouse.ClickAsync(button.X + (button.Width / 2), button.Y + (button.Height / 2));
            await Expect(test.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(click + 1);
        }

        await Expect(test).ToHaveAttributeAsync("data-clicks", "3");
        await Expect(test.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
        foreach (var measure in (string[])["slowest", "frame"])
            await Expect(test.Locator($"[data-measure={measure}]")).ToHaveAttributeAsync("data-pace", new Regex("^(fast|slow|stuck)$"));
        await Expect(test.Locator("[data-measure=frame]")).ToHaveTextAsync(new Regex(@"^[1-9]\d* ms$")); // frames are seen at all
        await screen.KeepPictureAsync("responsiveness");
        await test.GetByRole(AriaRole.Button, new() { Name = "Start over" }).ClickAsync();
        await Expect(test).ToHaveAttributeAsync("data-clicks", "0");
    }

    [Fact]
    public async Task ResponsivenessTest_PageIsBlocked_SaysSoInRed()
    {
        var screen = await OpenGridAsync("?sort=path&debug");
        var test = screen.Page.GetByTestId("responsiveness");
        var button = test.GetByTestId("test-responsiveness");
        await button.EvaluateAsync("(button) => button.addEventListener('click', () => { const until = performance.now() + 600; while (performance.now() < until); }, { capture: true })");
        await button.ClickAsync();
        await Expect(test.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await button.ClickAsync(); // the first click started the watch of frames
        foreach (var measure in (string[])["slowest", "frame"])
            await Expect(test.Locator($"[data-measure={measure}]")).ToHaveAttributeAsync("data-pace", "stuck");
        await Expect(test).ToContainTextAsync("too long");
        var colours = await screen.ReadAsync("""
            (() => {
              const probe = document.body.appendChild(document.createElement('span'));
              probe.style.color = 'var(--danger)';
              return [...document.querySelectorAll('[data-pace=stuck]'), probe].map((element) => getComputedStyle(element).color);
            })()
            """);
        Assert.Single(colours.EnumerateArray().Select(colour => colour.GetString()).Distinct());
    }
}
