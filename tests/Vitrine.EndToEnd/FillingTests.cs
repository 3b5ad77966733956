using System.Text.Json;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>From a path typed in to a grid full of pictures.</summary>
public sealed class FillingTests(Chromium chromium) : ScreenTest(chromium)
{
    private static readonly string[] s_order = ["pending", "colour", "picture"];

    [Fact]
    public async Task Grid_NothingDecodedYet_ShowsNamesAndKinds()
    {
        // No file ever comes back, in whatever order they are taken: everything stays pending.
        var folder = NewFolder().WithPictures(40).WithModel("part.stl");
        var vitrine = await StartAsync(string.Join(',', Directory.GetFiles(folder.Path).Select(file => $"hang:{Path.GetFileName(file)}")));
        var screen = await OpenAsync(vitrine);
        await screen.Page.GotoAsync("/");
        await screen.Page.GetByTestId("add-path").FillAsync(folder.Path);
        await screen.Page.GetByTestId("add-submit").ClickAsync();

        await Expect(screen.Grid).ToHaveAttributeAsync("data-total", "41");
        var tile = screen.Page.GetByRole(AriaRole.Gridcell, new() { Name = "picture-0000.png" });
        await Expect(tile).ToHaveAttributeAsync("data-state", "pending");
        await Expect(tile).ToContainTextAsync("image");
        await Expect(tile).ToContainTextAsync("picture-0000.png");
        await Expect(screen.Page.GetByTestId("progress")).ToHaveAttributeAsync("data-status", "in_progress");
        await Expect(screen.Page.Locator("[data-testid=tile][data-state=pending]").Nth(5)).ToBeVisibleAsync();
        await screen.KeepPictureAsync("pending");
    }

    [Fact]
    public async Task Import_WholeFolder_FillsEachTileInPlaceWithoutLayoutShift()
    {
        var folder = NewFolder();
        var vitrine = await StartAsync();
        var screen = await OpenAsync(vitrine);
        // Each state stays until the page has shown it, however quick the machine is: the work waits until the tiles are there, and the pictures until
        // their colours are.
        var added = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var (paused, colours) = (new TaskCompletionSource(), new TaskCompletionSource());
        await screen.Page.RouteAsync("**/api/libraries", async route =>
        {
            if (route.Request.Method != "POST")
            {
                await route.ContinueAsync();
                return;
            }
            var answer = await route.FetchAsync(new() { Timeout = (float)Patience.Limit.TotalMilliseconds });
            added.SetResult(await answer.TextAsync());
            await paused.Task;
            await route.FulfillAsync(new() { Response = answer });
        });
        await screen.Page.RouteAsync("**/thumbnail*", async route =>
        {
            await colours.Task;
            await route.ContinueAsync();
        });
        await screen.Page.GotoAsync("/");
        await screen.Page.GetByTestId("add-path").FillAsync(folder.Path);
        await screen.Page.GetByTestId("add-submit").ClickAsync();
        var library = JsonSerializer.Deserialize<JsonElement>(await added.Task.OrTooLateAsync()).GetProperty("library_id").GetString()!;
        await vitrine.FillPausedAsync(library, () => folder.WithPictures(300));
        paused.SetResult();
        await Expect(screen.Page.Locator("[data-testid=tile][data-state=pending]").First).ToBeVisibleAsync();
        await screen.Page.GetByTestId("resume").ClickAsync();
        await Expect(screen.Page.Locator("[data-testid=tile][data-state=pending]")).ToHaveCountAsync(0);
        colours.SetResult();

        var progress = screen.Page.GetByTestId("progress");
        await Expect(progress).ToHaveAttributeAsync("data-status", "complete");
        await Expect(progress).ToHaveAttributeAsync("aria-valuenow", "100");
        await Expect(screen.Page.Locator("[data-testid=tile]:not([data-state=picture])")).ToHaveCountAsync(0);

        var snapshot = await vitrine.GetAsync($"/api/progress/{library}");
        Assert.Equal(300, snapshot.GetProperty("total").GetInt32());
        foreach (var status in new[] { "pending", "indexed", "embedding", "ready", "failed" })
            await Expect(screen.Page.GetByTestId($"count-{status}")).ToHaveTextAsync($"{snapshot.GetProperty(status)} {status}");

        var tiles = await screen.ReadAsync("window.seen.tiles");
        var sequences = tiles.EnumerateObject().Select(tile => tile.Value.EnumerateArray().Select(state => state.GetProperty("state").GetString()!).ToArray()).ToArray();
        Assert.All(sequences, states => Assert.Equal(states.OrderBy(state => Array.IndexOf(s_order, state)), states));
        Assert.Contains(sequences, states => states.SequenceEqual(s_order));
        await screen.AssertNothingMovedAsync();
    }

    [Fact]
    public async Task Grid_FilesFoundBetweenItsFirstPageAndItsSocket_ShowsThem()
    {
        var folder = NewFolder();
        var vitrine = await StartAsync();
        var library = await vitrine.AddLibraryAsync(folder.Path);
        await vitrine.WaitUntilFinalAsync(library);
        var screen = await OpenAsync(vitrine);
        // Every attempt before the gate opens is turned away, as by a server that is too busy to answer.
        var isOpen = false;
        await screen.Page.RouteWebSocketAsync(url => url.Contains("/ws/events", StringComparison.Ordinal), socket =>
        {
            if (isOpen)
                socket.ConnectToServer();
            else
                _ = socket.CloseAsync();
        });
        await screen.GoToLibraryAsync(library);
        await Expect(screen.Page.GetByTestId("empty")).ToContainTextAsync("No pictures or models here");
        folder.WithPictures(5);
        await vitrine.PostAsync($"/api/libraries/{library}/scan");
        await vitrine.WaitUntilFinalAsync(library);
        isOpen = true;
        await Expect(screen.Grid).ToHaveAttributeAsync("data-total", "5");
        await Expect(screen.Page.Locator("[data-testid=tile][data-state=picture]")).ToHaveCountAsync(5);
    }

    [Fact]
    public async Task LayoutShiftRecorder_SomethingMoves_NoticesIt()
    {
        var vitrine = await StartAsync();
        var screen = await OpenAsync(vitrine);
        await screen.Page.GotoAsync("/");
        await Expect(screen.Page.GetByTestId("add-path")).ToBeVisibleAsync();
        await screen.Page.EvaluateAsync("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => { document.body.style.paddingTop = '80px'; setTimeout(done, 0); })))");
        await screen.Page.WaitForFunctionAsync("() => window.seen.shifts.some((shift) => shift.value > 0)");
    }
}
