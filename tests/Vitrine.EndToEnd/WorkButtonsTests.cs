using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>Pause, resume, cancel, and scanning again.</summary>
public sealed class WorkButtonsTests(Chromium chromium) : ScreenTest(chromium)
{
    [Fact]
    public async Task Buttons_WhileItWorks_PauseResumeAndCancel()
    {
        // Work that does not move on by itself: a restart will mend the decoders.
        var stuck = Enumerable.Range(0, Environment.ProcessorCount).Select(i => $"hang:picture-{i:d4}.png");
        var folder = NewFolder().WithPictures(100);
        var vitrine = await StartAsync(string.Join(',', stuck));
        var library = await vitrine.AddLibraryAsync(folder.Path);
        await vitrine.WaitUntilFoundAsync(library); // a scan that still runs takes its time to be cancelled
        var screen = await OpenAsync(vitrine);
        await screen.GoToLibraryAsync(library);
        var progress = screen.Page.GetByTestId("progress");
        var headline = screen.Page.GetByTestId("headline");

        await screen.Page.GetByTestId("pause").ClickAsync();
        await Expect(progress).ToHaveAttributeAsync("data-status", "paused");
        await Expect(headline).ToContainTextAsync("Paused");
        Assert.Equal("paused", (await vitrine.GetAsync($"/api/progress/{library}")).GetProperty("status").GetString());
        Assert.True((await vitrine.GetAsync($"/api/libraries/{library}")).GetProperty("paused").GetBoolean());
        await screen.KeepPictureAsync("paused");

        await screen.Page.GetByTestId("resume").ClickAsync();
        await Expect(progress).ToHaveAttributeAsync("data-status", "in_progress");
        await screen.Page.GetByTestId("cancel").ClickAsync();
        await Expect(progress).ToHaveAttributeAsync("data-status", "cancelled");
        await Expect(headline).ToContainTextAsync("Cancelled");
        await Expect(screen.Page.GetByTestId("scan")).ToBeVisibleAsync();

        screen.Expected = Screen.LostConnection();
        await vitrine.KillAsync();
        await Expect(screen.Page.GetByTestId("gone")).ToBeVisibleAsync();
        await vitrine.StartAgainAsync();
        await Expect(screen.Page.GetByTestId("gone")).ToHaveCountAsync(0);
        await Expect(progress).ToHaveAttributeAsync("data-status", "cancelled");
        await screen.Page.GetByTestId("scan").ClickAsync();
        await Expect(progress).ToHaveAttributeAsync("data-status", "complete");
        await Expect(headline).ToHaveTextAsync("All 100 ready");
    }
}
