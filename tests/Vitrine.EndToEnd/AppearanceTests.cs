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
        await ExpectFineAsync(screen, $"{name}-grid");

        await screen.Page.GetByTestId("failures-button").ClickAsync();
        await Expect(screen.Page.GetByTestId("failure")).ToHaveCountAsync(1);
        await ExpectFineAsync(screen, $"{name}-failures");
        await screen.Page.GetByTestId("failures").GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).ClickAsync();

        if (width == 320)
        {
            await screen.Page.GetByRole(AriaRole.Button, new() { Name = "Search, order and size" }).ClickAsync();
            await ExpectFineAsync(screen, $"{name}-controls");
            await screen.Page.GetByRole(AriaRole.Button, new() { Name = "Search, order and size" }).ClickAsync();
        }
        await screen.Tile(4).ClickAsync();
        await Expect(screen.Page.GetByTestId("selection")).ToContainTextAsync("1 selected");
        await ExpectFineAsync(screen, $"{name}-selection");

        await screen.Page.Keyboard.PressAsync("Enter");
        await Expect(screen.Viewer.GetByTestId("preview")).ToHaveJSPropertyAsync("complete", true);
        if (width == 320)
            await screen.Page.Keyboard.PressAsync("i");
        await Expect(screen.Page.GetByTestId("info")).ToContainTextAsync("PNG", new() { IgnoreCase = true });
        await ExpectFineAsync(screen, $"{name}-viewer");

        await screen.Page.GotoAsync("/");
        await Expect(screen.Page.GetByTestId("library")).ToBeVisibleAsync();
        await ExpectFineAsync(screen, $"{name}-libraries");

        await screen.Page.GetByTestId("stats-link").ClickAsync();
        await Expect(screen.Page.Locator("[data-feature=database]")).ToHaveAttributeAsync("data-state", "ready");
        await ExpectFineAsync(screen, $"{name}-stats");
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
        var screen = await OpenGridAsync();
        await Expect(screen.Page.GetByTestId("count-failed")).ToHaveTextAsync("1 failed");
        foreach (var width in (int[])[761, 768, 900, 901, 1024, 1180, 1181, 1440])
        {
            await screen.Page.SetViewportSizeAsync(width, 800);
            var sizes = await screen.ReadAsync(Sizes);
            Assert.True(sizes.GetProperty("header").GetDouble() < 64, $"{width} px wide, the header wraps: {sizes}");
            Assert.True(sizes.GetProperty("title").GetDouble() > 90, $"{width} px wide, the name has no room: {sizes}");
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

    /// <summary>Nothing sticks out sideways, and none of axe's rules is broken.</summary>
    private static async Task ExpectFineAsync(Screen screen, string name)
    {
        await screen.KeepPictureAsync(name);
        var overflow = await screen.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth");
        Assert.True(overflow <= 0, $"{name} is {overflow} px too wide.");
        var breaches = await AxeRules.CheckAsync(screen.Page);
        Assert.True(breaches.Count == 0, $"{name}:\n{string.Join('\n', breaches)}");
    }
}
