using System.Text.Json;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>What holds up the whole server is said on every page, and goes when it is over.</summary>
public sealed class OutageTests(Chromium chromium, FinishedLibrary finished) : FinishedLibraryTest(chromium, finished)
{
    private const string Ready = "/api/ready";

    private const string Full = "The disk that holds /data is full: everything waits until there is room.";

    [Fact]
    public async Task Outage_DatabaseTakenAwayAndPutBack_IsSaidAndGoes()
    {
        var vitrine = await StartAsync();
        var library = await vitrine.AddLibraryAsync(NewFolder().WithPictures(3).Path);
        await vitrine.WaitUntilFinalAsync(library);
        var screen = await OpenAsync(vitrine);
        screen.Expected = Screen.LostConnection(); // the browser notes each 503
        await screen.GoToLibraryAsync(library);
        await Expect(screen.Tile(2)).ToHaveAttributeAsync("data-state", "picture");
        var notice = screen.Page.GetByTestId("outage");
        await Expect(notice).ToHaveCountAsync(0);

        File.Move(vitrine.InData("vitrine.db"), vitrine.InData("away")); // the same file, so that putting it back mends all
        await Expect(notice).ToContainTextAsync("The database is not available.");
        await screen.LookAgainAsync(Ready);
        await Expect(notice).ToBeVisibleAsync();
        await screen.KeepPictureAsync("outage");

        File.Move(vitrine.InData("away"), vitrine.InData("vitrine.db"));
        await Expect(notice).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task Outage_DiskIsFull_IsSaidOnEveryPage(ColorScheme colours, int width)
    {
        var screen = await OpenAsync(Finished.Vitrine, new() { ColorScheme = colours, ViewportSize = new() { Width = width, Height = 700 } });
        screen.Expected = Screen.LostConnection();
        await AnswerAsync(screen, $"**{Ready}", 200, new { ready = true, features = new[] { new { name = "work", ready = false, state = "failed", detail = Full } } });
        var notice = screen.Page.GetByTestId("outage");
        var page = await Finished.Vitrine.GetAsync($"/api/libraries/{Finished.LibraryId}/assets?sort=path&offset=5&limit=1");
        var viewer = $"/libraries/{Finished.LibraryId}/assets/{page.GetProperty("items")[0].GetProperty("id").GetInt64()}?sort=path";
        foreach (var path in (string[])["/", "/jobs", "/stats", $"/libraries/{Finished.LibraryId}?sort=path", viewer])
        {
            await screen.Page.GotoAsync(path);
            await Expect(notice).ToContainTextAsync("Work is held up.");
            await Expect(notice).ToContainTextAsync(Full);
            await screen.ExpectFineAsync($"outage-{width}{path.Split('?')[0].Replace('/', '-')}");
        }

        // The viewer leaves it uncovered, and it the viewer.
        foreach (var testId in (string[])["outage", "viewer-close"])
        {
            Assert.True(
                await screen.Page.GetByTestId(testId).EvaluateAsync<bool>("""
                    (element) => {
                      const box = element.getBoundingClientRect();
                      return element.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2));
                    }
                    """),
                $"{testId} is covered.");
        }

        await screen.Page.UnrouteAsync($"**{Ready}");
        await screen.LookAgainAsync(Ready);
        await Expect(notice).ToHaveCountAsync(0);

        // A server that says why it has no answer is not gone.
        await AnswerAsync(screen, "**/api/libraries", 503, new { title = "Database unavailable", detail = "The database is busy with something." });
        await AnswerAsync(screen, "**/api/stats", 503, new { title = "Database unavailable", detail = "The database is busy with something." });
        foreach (var path in (string[])["/", "/stats"])
        {
            await screen.Page.GotoAsync(path);
            await Expect(screen.Page.GetByTestId("gone")).ToHaveTextAsync("The database is busy with something.");
        }
    }

    private static Task AnswerAsync(Screen screen, string path, int status, object body) => screen.Page.RouteAsync(
        path, route => route.FulfillAsync(new() { Status = status, ContentType = "application/json", Body = JsonSerializer.Serialize(body) }));
}
