using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>Tags in the viewer, orders that move, and the figures behind them.</summary>
public sealed class TagsTests(Chromium chromium) : ScreenTest(chromium)
{
    [Fact]
    public async Task Tags_AddedAndRemoved_AreKeptFoundAndCounted()
    {
        using var folder = new SampleFolder();
        folder.WithPictures(12);
        await using var vitrine = await RunningVitrine.StartAsync();
        var library = await vitrine.AddLibraryAsync(folder.Path);
        await vitrine.WaitUntilFinalAsync(library);
        var screen = await OpenAsync(vitrine);
        await screen.Page.GotoAsync($"/libraries/{library}?sort=path&debug");
        await Expect(screen.Tile(3)).ToHaveAttributeAsync("data-state", "picture"); // before that it is an empty place that opens nothing
        await screen.Tile(3).DblClickAsync();
        var asset = await screen.Viewer.GetAttributeAsync("data-asset-id");
        await Expect(screen.Page.GetByTestId("tags")).ToContainTextAsync("No tags yet"); // else this answer could come after the one to what is typed
        var input = screen.Page.GetByTestId("tag-input");
        await input.FillAsync("dog, New York");
        await input.PressAsync("Enter");
        var tags = screen.Page.GetByTestId("tag");
        await Expect(tags).ToHaveTextAsync(["dog", "New York"]);
        await Expect(input).ToHaveValueAsync("");
        await screen.KeepPictureAsync("tags");

        await screen.Page.ReloadAsync();
        await Expect(tags).ToHaveTextAsync(["dog", "New York"]);
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = "Remove dog" }).ClickAsync();
        await Expect(tags).ToHaveTextAsync(["New York"]);

        // The tag leads to all that have it.
        await tags.GetByRole(AriaRole.Link, new() { Name = "New York" }).ClickAsync();
        await Expect(screen.Grid).ToHaveAttributeAsync("data-total", "1");
        await Expect(screen.Tile(0)).ToHaveAttributeAsync("data-asset-id", asset!);
        await Expect(screen.Page.Locator("[data-panel=tags] [data-kind=requests]")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("[1-9]"));

        await screen.Page.GetByTestId("stats-link").ClickAsync();
        await Expect(screen.Page.Locator("[data-cache='tag counts']").Or(screen.Page.Locator($"[data-cache='browse {library} path']")).First).ToBeVisibleAsync();
        await screen.Page.GotoAsync("about:blank"); // before the server goes
    }

    [Fact]
    public async Task Order_ThatChangesElsewhere_IsShownAnewWithoutAReload()
    {
        using var folder = new SampleFolder();
        folder.WithPictures(3);
        await using var vitrine = await RunningVitrine.StartAsync();
        var library = await vitrine.AddLibraryAsync(folder.Path);
        await vitrine.WaitUntilFinalAsync(library);
        var screen = await OpenAsync(vitrine);
        await screen.Page.GotoAsync($"/libraries/{library}?q=tag:found");
        await Expect(screen.Page.GetByTestId("empty")).ToBeVisibleAsync();
        var assets = await vitrine.GetAsync($"/api/libraries/{library}/assets");
        var id = assets.GetProperty("items")[1].GetProperty("id").GetInt64();
        using var answer = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(vitrine.Api, $"/api/assets/{id}/tags", new { names = s_found });
        answer.EnsureSuccessStatusCode();

        await Expect(screen.Tile(0)).ToHaveAttributeAsync("data-asset-id", id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await screen.Page.GotoAsync("about:blank"); // before the server goes
    }

    private static readonly string[] s_found = ["found"];
}
