using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>The server dies and comes back; nobody touches the page.</summary>
public sealed class ReconnectTests(Chromium chromium) : ScreenTest(chromium)
{
    [Fact]
    public async Task Library_ServerKilledInTheMiddleAndRestarted_SaysSoAndMendsItself()
    {
        // Both halves stay undone until the restart, whose decoders are healthy.
        var stuck = Enumerable.Range(0, Environment.ProcessorCount).Select(i => $"hang:picture-{i:d4}.png");
        var folder = NewFolder().WithPictures(60);
        var vitrine = await StartAsync(string.Join(',', stuck));
        var library = await vitrine.AddLibraryAsync(folder.Path);
        var screen = await OpenAsync(vitrine);
        screen.Expected = Screen.LostConnection();
        await screen.GoToLibraryAsync(library);
        await Expect(screen.Grid).ToHaveAttributeAsync("data-total", "60");
        await Expect(screen.Page.Locator("[data-testid=tile][data-state=pending]").First).ToBeVisibleAsync();
        await screen.Page.EvaluateAsync("() => (window.isSamePage = true)");

        await vitrine.KillAsync();
        await Expect(screen.Page.GetByTestId("gone")).ToBeVisibleAsync();
        await Expect(screen.Tiles.First).ToBeVisibleAsync();
        await screen.KeepPictureAsync("gone");
        folder.WithPicture("added-while-away.png");
        await vitrine.StartAgainAsync();
        await Expect(screen.Page.GetByTestId("gone")).ToHaveCountAsync(0);
        await Expect(screen.Page.GetByTestId("progress")).ToHaveAttributeAsync("data-status", "complete");
        await Expect(screen.Page.Locator("[data-testid=tile]:not([data-state=picture])")).ToHaveCountAsync(0);

        // The events socket works again too: a scan's find appears without a reload.
        await screen.Page.GetByTestId("scan").ClickAsync();
        await Expect(screen.Grid).ToHaveAttributeAsync("data-total", "61");
        await Expect(screen.Page.GetByTestId("headline")).ToHaveTextAsync("All 61 ready");
        Assert.True(await screen.Page.EvaluateAsync<bool>("() => window.isSamePage"));
    }

    [Fact]
    public async Task Libraries_ServerKilledAndRestarted_SaysSoAndMendsItself()
    {
        var folder = NewFolder().WithPictures(3);
        var vitrine = await StartAsync();
        var library = await vitrine.AddLibraryAsync(folder.Path, "Harbour");
        await vitrine.WaitUntilFinalAsync(library);
        var screen = await OpenAsync(vitrine);
        screen.Expected = Screen.LostConnection();
        await screen.Page.GotoAsync("/");
        await Expect(screen.Page.GetByTestId("library")).ToContainTextAsync("All 3 ready");
        await vitrine.KillAsync();
        await Expect(screen.Page.GetByTestId("gone")).ToBeVisibleAsync();
        await Expect(screen.Page.GetByTestId("library")).ToContainTextAsync("Harbour");
        await vitrine.StartAgainAsync();
        await Expect(screen.Page.GetByTestId("gone")).ToHaveCountAsync(0);
    }
}
