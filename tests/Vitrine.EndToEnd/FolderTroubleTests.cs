using System.Globalization;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>A folder that goes away, and files that are gone: the screen says so in place, and it mends itself or asks.</summary>
public sealed class FolderTroubleTests(Chromium chromium) : ScreenTest(chromium)
{
    [Fact]
    public async Task Offline_FolderGoesAndComesBack_IsSaidAndMendsItself()
    {
        var folder = NewFolder();
        Directory.CreateDirectory(folder.PathOf("root"));
        using (var pictures = new SampleFolder().WithPictures(12))
        {
            foreach (var file in Directory.GetFiles(pictures.Path))
                File.Copy(file, Path.Combine(folder.PathOf("root"), Path.GetFileName(file)));
        }
        var vitrine = await StartAsync(isWatching: true);
        var library = await vitrine.AddLibraryAsync(folder.PathOf("root"), "Harbour");
        await vitrine.WaitUntilFinalAsync(library);
        var wide = await OpenAsync(vitrine, new() { ColorScheme = ColorScheme.Light });
        var narrow = await OpenAsync(vitrine, new() { ColorScheme = ColorScheme.Dark, ViewportSize = new() { Width = 320, Height = 640 } });
        await wide.GoToLibraryAsync(library);
        await narrow.Page.GotoAsync("/");
        await Expect(wide.Tile(11)).ToHaveAttributeAsync("data-state", "picture");

        Directory.Move(folder.PathOf("root"), folder.PathOf("away"));
        foreach (var screen in new[] { wide, narrow })
        {
            await Expect(screen.Page.GetByTestId("folder-notice")).ToContainTextAsync("is not there");
            await Expect(screen.Page.GetByTestId("folder-notice")).ToHaveAttributeAsync("data-kind", "offline");
        }
        await Expect(wide.Page.GetByTestId("headline")).ToContainTextAsync("Offline");
        await Expect(wide.Tiles).ToHaveCountAsync(12);
        await wide.KeepPictureAsync("offline-light-wide");
        await narrow.KeepPictureAsync("offline-dark-narrow");

        Directory.Move(folder.PathOf("away"), folder.PathOf("root"));
        await Expect(wide.Page.GetByTestId("folder-notice")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Missing_MoreThanHalf_StayUntilTheButtonIsPressed()
    {
        var folder = NewFolder().WithPictures(24);
        var vitrine = await StartAsync();
        var library = await vitrine.AddLibraryAsync(folder.Path, "Harbour");
        await vitrine.WaitUntilFinalAsync(library);
        var screen = await OpenAsync(vitrine, new() { ColorScheme = ColorScheme.Dark });
        var narrow = await OpenAsync(vitrine, new() { ColorScheme = ColorScheme.Light, ViewportSize = new() { Width = 320, Height = 640 } });
        await screen.GoToLibraryAsync(library);
        await narrow.GoToLibraryAsync(library);
        // One scan sees all that is gone: a watch might see it in two parts, each small enough to be removed without a question.
        foreach (var i in Enumerable.Range(0, 14))
            File.Delete(folder.PathOf(string.Create(CultureInfo.InvariantCulture, $"picture-{i:d4}.png")));
        await vitrine.PostAsync($"/api/libraries/{library}/scan");

        var button = screen.Page.GetByTestId("remove-missing");
        await Expect(button).ToBeVisibleAsync();
        await Expect(button).ToHaveTextAsync("Remove 14 from the library");
        await Expect(narrow.Page.GetByTestId("remove-missing")).ToBeVisibleAsync();
        await Expect(screen.Tiles).ToHaveCountAsync(24);
        await screen.KeepPictureAsync("missing-dark-wide");
        await narrow.KeepPictureAsync("missing-light-narrow");
        var violations = await AxeRules.CheckAsync(screen.Page);
        Assert.Empty(violations);

        await button.ClickAsync();
        await Expect(screen.Page.GetByTestId("confirm")).ToContainTextAsync("nothing on the disk is touched");
        await screen.Page.GetByTestId("confirm-action").ClickAsync();
        await Expect(button).ToHaveCountAsync(0);
        await Expect(screen.Tiles).ToHaveCountAsync(10);
    }
}
