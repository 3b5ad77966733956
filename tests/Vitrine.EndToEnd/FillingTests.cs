using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>From a path typed in to a grid full of pictures.</summary>
public sealed class FillingTests(Chromium chromium) : ScreenTest(chromium)
{
    private static readonly string[] Order = ["pending", "colour", "picture"];

    [Fact]
    public async Task Grid_NothingDecodedYet_ShowsNamesAndKinds()
    {
        // As many files as there can be decoders never come back: everything stays pending.
        var stuck = Enumerable.Range(0, Environment.ProcessorCount).Select(i => $"picture-{i:d4}.png").ToArray();
        var folder = NewFolder().WithPictures(40).WithModel("part.stl");
        var vitrine = await StartAsync(string.Join(',', stuck.Select(name => $"hang:{name}")));
        var screen = await OpenAsync(vitrine);
        await screen.Page.GotoAsync("/");
        await screen.Page.GetByTestId("add-path").FillAsync(folder.Path);
        await screen.Page.GetByTestId("add-submit").ClickAsync();

        await Expect(screen.Grid).ToHaveAttributeAsync("data-total", "41");
        var tile = screen.Page.GetByRole(AriaRole.Gridcell, new() { Name = stuck[0] });
        await Expect(tile).ToHaveAttributeAsync("data-state", "pending");
        await Expect(tile).ToContainTextAsync("image");
        await Expect(tile).ToContainTextAsync(stuck[0]);
        await Expect(screen.Page.GetByTestId("progress")).ToHaveAttributeAsync("data-status", "in_progress");
        await Expect(screen.Page.Locator("[data-testid=tile][data-state=pending]").Nth(5)).ToBeVisibleAsync();
        await screen.KeepPictureAsync("pending");
    }

    [Fact]
    public async Task Import_WholeFolder_FillsEachTileInPlaceWithoutLayoutShift()
    {
        var folder = NewFolder().WithPictures(300);
        var vitrine = await StartAsync();
        var screen = await OpenAsync(vitrine);
        await screen.Page.GotoAsync("/");
        await screen.Page.GetByTestId("add-path").FillAsync(folder.Path);
        await screen.Page.GetByTestId("add-submit").ClickAsync();

        var progress = screen.Page.GetByTestId("progress");
        await Expect(progress).ToHaveAttributeAsync("data-status", "complete", new() { Timeout = 60_000 });
        await Expect(progress).ToHaveAttributeAsync("aria-valuenow", "100");
        await Expect(screen.Page.Locator("[data-testid=tile]:not([data-state=picture])")).ToHaveCountAsync(0);

        var libraryId = screen.Page.Url.Split('/')[^1];
        var snapshot = await vitrine.GetAsync($"/api/progress/{libraryId}");
        Assert.Equal(300, snapshot.GetProperty("total").GetInt32());
        foreach (var status in new[] { "pending", "indexed", "embedding", "ready", "failed" })
            await Expect(screen.Page.GetByTestId($"count-{status}")).ToHaveTextAsync($"{snapshot.GetProperty(status)} {status}");

        var tiles = await screen.ReadAsync("window.seen.tiles");
        var sequences = tiles.EnumerateObject().Select(tile => tile.Value.EnumerateArray().Select(state => state.GetProperty("state").GetString()!).ToArray()).ToArray();
        Assert.All(sequences, states => Assert.Equal(states.OrderBy(state => Array.IndexOf(Order, state)), states));
        Assert.Contains(sequences, states => states.SequenceEqual(Order));
        var (shift, what) = await screen.LayoutShiftAsync();
        Assert.True(shift == 0, what);
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
