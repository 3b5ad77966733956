using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>Files that cannot be read: said, listed, tried again.</summary>
public sealed class FailuresTests(Chromium chromium) : ScreenTest(chromium)
{
    [Fact]
    public async Task Retry_FileWasRepaired_LeavesThePanelAndShowsItsPicture()
    {
        var folder = NewFolder().WithPictures(3).With("broken.png", "not a picture");
        var vitrine = await StartAsync();
        var library = await vitrine.AddLibraryAsync(folder.Path);
        await vitrine.WaitUntilFinalAsync(library);
        var screen = await OpenAsync(vitrine);
        await screen.GoToLibraryAsync(library);
        var tile = screen.Page.GetByRole(AriaRole.Gridcell, new() { Name = "broken.png" });
        await Expect(tile).ToHaveAttributeAsync("data-state", "failed");

        await screen.Page.GetByTestId("failures-button").ClickAsync();
        var panel = screen.Page.GetByTestId("failures");
        await Expect(panel.GetByRole(AriaRole.Heading)).ToHaveTextAsync("1 file could not be read");
        var failure = panel.GetByTestId("failure");
        await Expect(failure).ToContainTextAsync("broken.png");
        await Expect(failure).ToContainTextAsync("Reading it was tried once.");
        var told = (await vitrine.GetAsync($"/api/failures?library={library}")).GetProperty("items")[0];
        await Expect(panel.GetByTestId("failure-group")).ToContainTextAsync(told.GetProperty("reason").GetString()!);
        await failure.GetByText("Details").ClickAsync();
        await Expect(failure).ToContainTextAsync(told.GetProperty("details").GetString()!);
        await screen.KeepPictureAsync("failures");

        // Trying again without a repair fails again, and says so.
        await screen.Page.RunAndWaitForResponseAsync(
            () => failure.GetByRole(AriaRole.Button, new() { Name = "Retry broken.png" }).ClickAsync(), answer => answer.Url.EndsWith("/retry", StringComparison.Ordinal));
        await vitrine.WaitUntilFinalAsync(library);
        await Expect(panel.GetByTestId("retry-all")).ToBeEnabledAsync();
        await Expect(failure).ToContainTextAsync("broken.png");
        await Expect(tile).ToHaveAttributeAsync("data-state", "failed");

        folder.WithPicture("broken.png");
        await panel.GetByTestId("retry-all").ClickAsync();
        await Expect(tile).ToHaveAttributeAsync("data-state", "picture");
        await Expect(failure).ToHaveCountAsync(0);
        await Expect(panel).ToContainTextAsync("Every file could be read.");
        await Expect(screen.Page.GetByTestId("headline")).ToHaveTextAsync("All 4 ready");

        // The button that had opened the panel is gone: the focus goes to the pictures.
        await Expect(screen.Page.GetByTestId("failures-button")).ToHaveCountAsync(0);
        await screen.Page.Keyboard.PressAsync("Escape");
        await Expect(panel).ToHaveCountAsync(0);
        await Expect(screen.Focused).ToHaveAttributeAsync("role", "gridcell");

        // A list in which nothing takes the focus is scrolled by keys all the same.
        var links = NewFolder();
        for (var i = 0; i < 60; i++)
            File.CreateSymbolicLink(links.PathOf($"link-{i}.png"), links.PathOf("nowhere"));
        var skipping = await vitrine.AddLibraryAsync(links.Path);
        await vitrine.WaitUntilFinalAsync(skipping);
        await screen.GoToLibraryAsync(skipping);
        await screen.Page.GetByTestId("failures-button").ClickAsync();
        await Expect(panel.GetByTestId("skipped")).ToHaveCountAsync(60);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).FocusAsync();
        await screen.Page.Keyboard.PressAsync("Tab");
        await screen.Page.Keyboard.PressAsync("End");
        await screen.Page.WaitForFunctionAsync("() => document.querySelector('[data-testid=failure-lists]').scrollTop > 0");
    }
}
