using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>A test that only looks at the shared library.</summary>
public abstract class FinishedLibraryTest(Chromium chromium, FinishedLibrary finished) : ScreenTest(chromium)
{
    protected FinishedLibrary Finished => finished;

    /// <summary>Opens the grid, ordered by path, and waits for it to be filled.</summary>
    protected async Task<Screen> OpenGridAsync(string query = "?sort=path", BrowserNewContextOptions? options = null)
    {
        var screen = await OpenAsync(finished.Vitrine, options);
        await screen.Page.GotoAsync($"/libraries/{finished.LibraryId}{query}");
        await Expect(screen.Tiles.First).ToHaveAttributeAsync("data-asset-id", new System.Text.RegularExpressions.Regex(@"\d+"));
        return screen;
    }
}
