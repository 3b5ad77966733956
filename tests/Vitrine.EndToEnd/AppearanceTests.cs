using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>Dark and light, wide and narrow, with and without sight: every view, by the rules of WCAG 2.2 AA.</summary>
public sealed class AppearanceTests(Chromium chromium, FinishedLibrary finished) : FinishedLibraryTest(chromium, finished)
{
    public static TheoryData<ColorScheme, int> Appearances => new()
    {
        { ColorScheme.Light, 1280 }, { ColorScheme.Dark, 1280 }, { ColorScheme.Light, 320 }, { ColorScheme.Dark, 320 },
    };

    [Theory]
    [MemberData(nameof(Appearances))]
    public async Task EveryView_AnyColoursAndWidth_FitsAndIsAccessible(ColorScheme colours, int width)
    {
        var options = new BrowserNewContextOptions { ColorScheme = colours, ViewportSize = new() { Width = width, Height = width == 320 ? 640 : 800 } };
        var name = $"{colours}-{width}".ToLowerInvariant();
        var screen = await OpenGridAsync(options: options);
        await Expect(screen.Tile(4)).ToHaveAttributeAsync("data-state", "picture");
        await screen.ExpectFineAsync($"{name}-grid");

        await screen.Page.GetByTestId("failures-button").ClickAsync();
        await Expect(screen.Page.GetByTestId("failure")).ToHaveCountAsync(1);
        await screen.ExpectFineAsync($"{name}-failures");
        await screen.Page.GetByTestId("failures").GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).ClickAsync();

        if (width == 320)
        {
            await screen.Page.GetByRole(AriaRole.Button, new() { Name = "Search, order and size" }).ClickAsync();
            await screen.ExpectFineAsync($"{name}-controls");
            // Escape in the empty field uncovers what the controls lie on.
            await screen.Page.GetByTestId("query").PressAsync("Escape");
            await Expect(screen.Page.GetByTestId("query")).ToBeHiddenAsync();
        }
        await screen.Tile(0).ClickAsync();
        await screen.Tile(4).ClickAsync(new() { Modifiers = [KeyboardModifier.Control] });
        await Expect(screen.Page.GetByTestId("selection")).ToContainTextAsync("2 selected");
        await Expect(screen.Page.GetByTestId("selection")).ToContainTextAsync("Retry 1 failed");
        await screen.ExpectFineAsync($"{name}-selection");

        await screen.Page.Keyboard.PressAsync("Enter");
        await Expect(screen.Viewer.GetByTestId("preview")).ToHaveJSPropertyAsync("complete", true);
        if (width == 320)
            await screen.Page.Keyboard.PressAsync("i");
        await Expect(screen.Page.GetByTestId("info")).ToContainTextAsync("PNG", new() { IgnoreCase = true });
        await screen.ExpectFineAsync($"{name}-viewer");

        await screen.Page.GotoAsync("/");
        await Expect(screen.Page.GetByTestId("library")).ToBeVisibleAsync();
        await screen.ExpectFineAsync($"{name}-libraries");

        await screen.Page.GetByTestId("stats-link").ClickAsync();
        await Expect(screen.Page.Locator("[data-feature=database]")).ToHaveAttributeAsync("data-state", "ready");
        await screen.ExpectFineAsync($"{name}-stats");

        await screen.Page.GotoAsync("/jobs?debug");
        await screen.Page.GetByTestId("test-responsiveness").ClickAsync();
        await Expect(screen.Page.GetByTestId("responsiveness").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await screen.Page.Keyboard.PressAsync("?");
        await Expect(screen.Page.GetByTestId("keys")).ToBeVisibleAsync();
        await screen.ExpectFineAsync($"{name}-jobs-debug-keys");
    }

    [Fact]
    public async Task HeaderAndStrip_AnyWidth_HoldWhatTheyShow()
    {
        const string Sizes = """
            (() => {
              const box = (selector) => document.querySelector(selector).getBoundingClientRect();
              const [header, title, strip, legend] = ['header', 'header h1', '.strip', '.legend'].map(box);
              return { header: header.height, title: title.width, below: strip.bottom - legend.bottom, beside: strip.right - legend.right };
            })()
            """;
        // By touch everything that is pressed is larger.
        var screen = await OpenGridAsync(options: new() { HasTouch = true });
        Assert.True(await screen.Page.EvaluateAsync<bool>("() => matchMedia('(pointer: coarse)').matches"));
        await Expect(screen.Page.GetByTestId("count-failed")).ToHaveTextAsync("1 failed");
        foreach (var width in (int[])[320, 360, 760, 761, 768, 900, 901, 1024, 1180, 1181, 1440, 2560])
        {
            await screen.Page.SetViewportSizeAsync(width, 800);
            var sizes = await screen.ReadAsync(Sizes);
            Assert.True(sizes.GetProperty("header").GetDouble() < 64, $"{width} px wide, the header wraps: {sizes}");
            Assert.True(sizes.GetProperty("title").GetDouble() > (width < 400 ? 70 : 90), $"{width} px wide, the name has no room: {sizes}");
            Assert.True(sizes.GetProperty("below").GetDouble() >= 0 && sizes.GetProperty("beside").GetDouble() >= 0, $"{width} px wide, the legend sticks out: {sizes}");
        }
    }

    [Fact]
    public async Task ForcedColours_BarAndSelection_CanBeSeen()
    {
        var screen = await OpenGridAsync(options: new() { ForcedColors = ForcedColors.Active });
        await screen.Tile(1).ClickAsync();
        await Expect(screen.Tile(1)).ToHaveAttributeAsync("aria-selected", "true");
        var colours = await screen.ReadAsync("""
            (() => {
              const style = (selector, part) => getComputedStyle(document.querySelector(selector), part);
              return {
                ready: style('.part.ready').backgroundColor, pending: style('.part.pending').backgroundColor, failed: style('.part.failed').backgroundImage,
                frame: style('.selected .case', '::after').borderTopColor, edge: style('.case').outlineColor, page: style('body').backgroundColor,
              };
            })()
            """);
        string Of(string name) => colours.GetProperty(name).GetString()!;
        Assert.NotEqual(Of("pending"), Of("ready"));
        Assert.Contains("gradient", Of("failed"), StringComparison.Ordinal);
        Assert.Distinct([Of("frame"), Of("edge"), Of("page")]);
        await screen.KeepPictureAsync("forced-colours");

        // Where one is is said of the grid itself, too: it has the focus while its tile is scrolled away.
        await screen.Page.Keyboard.PressAsync("ArrowRight");
        await screen.Grid.EvaluateAsync("(grid) => grid.focus({ preventScroll: true })");
        await Expect(screen.Grid).ToHaveCSSAsync("outline-style", "solid");
    }

    [Fact]
    public async Task ThemeButton_Pressed_ChangesColoursAndIsRemembered()
    {
        var screen = await OpenGridAsync(options: new() { ColorScheme = ColorScheme.Light });
        var light = await BackgroundAsync(screen);
        var button = screen.Page.GetByRole(AriaRole.Button, new() { Name = "Colours" });
        await button.ClickAsync();
        await button.ClickAsync();
        await Expect(button).ToHaveAccessibleNameAsync("Colours: dark");
        var dark = await BackgroundAsync(screen);
        Assert.NotEqual(light, dark);
        await screen.Page.ReloadAsync();
        await Expect(button).ToHaveAccessibleNameAsync("Colours: dark");
        Assert.Equal(dark, await BackgroundAsync(screen));
    }

    private static Task<string> BackgroundAsync(Screen screen) => screen.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
}
