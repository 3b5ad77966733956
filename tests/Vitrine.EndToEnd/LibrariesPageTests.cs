using System.Text.RegularExpressions;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>The page of all libraries.</summary>
public sealed partial class LibrariesPageTests(Chromium chromium) : ScreenTest(chromium)
{
    [Fact]
    public async Task AddLibrary_PathsThatCannotBe_SaysWhyInline()
    {
        var folder = NewFolder().With("file.txt", "a file");
        var vitrine = await StartAsync();
        var screen = await OpenAsync(vitrine);
        // The browser notes every refused request.
        screen.Expected = Refused();
        await screen.Page.GotoAsync("/");
        var path = screen.Page.GetByTestId("add-path");
        var problem = screen.Page.GetByTestId("add-problem");
        await Expect(screen.Page.GetByTestId("empty")).ToBeVisibleAsync();
        await screen.KeepPictureAsync("welcome");

        foreach (var wrong in new[] { folder.PathOf("missing"), folder.PathOf("file.txt"), "relative/path" })
        {
            await path.FillAsync(wrong);
            await screen.Page.GetByTestId("add-submit").ClickAsync();
            await Expect(problem).ToContainTextAsync(wrong);
            await Expect(path).ToHaveAttributeAsync("aria-invalid", "true");
            await Expect(path).ToBeFocusedAsync();
        }
        await screen.KeepPictureAsync("add-problem");
        await path.FillAsync("");
        await screen.Page.GetByTestId("add-submit").ClickAsync();
        await Expect(problem).ToContainTextAsync("Type the path");
        Assert.Equal(0, (await vitrine.GetAsync("/api/libraries")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task AddLibrary_ListIsReadWhileTheServerIsAsked_MovesNothing()
    {
        var vitrine = await StartAsync();
        var screen = await OpenAsync(vitrine);
        await screen.Page.GotoAsync("/");
        await Expect(screen.Page.GetByTestId("empty")).ToBeVisibleAsync();
        var added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await screen.Page.RouteAsync("**/api/libraries", async route =>
        {
            var response = await route.FetchAsync();
            if (route.Request.Method == "POST")
            {
                added.SetResult();
                await answer.Task;
            }

            await route.FulfillAsync(new() { Response = response });
        });
        await screen.Page.GetByTestId("add-path").FillAsync(NewFolder().WithPictures(3).Path);
        await screen.Page.GetByTestId("add-submit").ClickAsync();
        await added.Task.OrTooLateAsync();

        await screen.LookAgainAsync("/api/libraries");
        await screen.Page.EvaluateAsync("() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))");
        await Expect(screen.Page.GetByTestId("empty")).ToBeVisibleAsync();
        answer.SetResult();

        await Expect(screen.Tile(0)).ToBeVisibleAsync();
        await screen.AssertNothingMovedAsync();
    }

    [Fact]
    public async Task Libraries_TwoAtWork_ShowTheirProgressLive()
    {
        var vitrine = await StartAsync();
        var screen = await OpenAsync(vitrine);
        string[] names = ["First", "Second"];
        var libraries = new List<string>();
        foreach (var name in names)
        {
            var folder = NewFolder();
            libraries.Add(await vitrine.AddLibraryAsync(folder.Path, name));
            await vitrine.FillPausedAsync(libraries[^1], () => folder.WithLinkedPictures(120));
        }
        await screen.Page.GotoAsync("/");
        ILocator Progress(string name) => screen.Page.GetByTestId("library").Filter(new() { HasText = name }).GetByTestId("progress");
        foreach (var name in names)
            await Expect(Progress(name)).ToHaveAttributeAsync("data-status", "paused");
        // Noted by the page itself: on a quick machine it may have passed before anybody outside could look.
        await screen.Page.EvaluateAsync("""
            () => {
              window.statuses = [];
              new MutationObserver((changes) => {
                for (const { target } of changes) window.statuses.push(`${target.dataset.status}: ${target.closest('[data-testid=library]').textContent}`);
              }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-status'] });
            }
            """);
        foreach (var library in libraries)
            await vitrine.PostAsync($"/api/libraries/{library}/resume");
        foreach (var name in names)
            await Expect(Progress(name)).ToHaveAttributeAsync("data-status", "complete");
        await screen.KeepPictureAsync("libraries");
        var statuses = await screen.Page.EvaluateAsync<string[]>("() => window.statuses");
        foreach (var name in names)
            Assert.Contains(statuses, status => status.StartsWith("in_progress: ", StringComparison.Ordinal) && status.Contains(name, StringComparison.Ordinal));
        foreach (var library in libraries)
            Assert.Equal(120, (await vitrine.GetAsync($"/api/progress/{library}")).GetProperty("ready").GetInt32());
        await screen.AssertNothingMovedAsync();
    }

    [Fact]
    public async Task Forget_Confirmed_RemovesTheLibraryAndKeepsTheFiles()
    {
        var folder = NewFolder().WithPictures(3);
        var vitrine = await StartAsync();
        // A card that still listens for progress asks for it once more when the library is gone already, and the browser notes the refusal.
        await vitrine.WaitUntilFinalAsync(await vitrine.AddLibraryAsync(folder.Path, "Harbour"));
        var screen = await OpenAsync(vitrine);
        await screen.Page.GotoAsync("/");
        await screen.Page.GetByTestId("forget").ClickAsync();
        await Expect(screen.Page.GetByTestId("confirm")).ToContainTextAsync("not touched");
        await screen.Page.GetByTestId("confirm-action").ClickAsync();
        await Expect(screen.Page.GetByTestId("library")).ToHaveCountAsync(0);
        Assert.Equal(3, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public async Task Forget_WhileItWorks_ListensNoMoreBeforeItIsGone()
    {
        var folder = NewFolder().WithPictures(3);
        var vitrine = await StartAsync(string.Join(',', Directory.GetFiles(folder.Path).Select(file => $"hang:{Path.GetFileName(file)}")));
        await vitrine.WaitUntilFoundAsync(await vitrine.AddLibraryAsync(folder.Path, "Harbour"));
        var screen = await OpenAsync(vitrine);
        var (listens, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        screen.Page.WebSocket += (_, socket) =>
        {
            socket.FrameReceived += (_, _) => listens.TrySetResult();
            socket.Close += (_, _) => ended.TrySetResult();
        };
        await screen.Page.RouteAsync("**/api/libraries/*", async route =>
        {
            await ended.Task;
            await route.ContinueAsync();
        });
        await screen.Page.GotoAsync("/");
        await listens.Task.OrTooLateAsync();

        await screen.Page.GetByTestId("forget").ClickAsync();
        await screen.Page.GetByTestId("confirm-action").ClickAsync();

        // The server has not been told yet.
        await ended.Task.OrTooLateAsync();
        await Expect(screen.Page.GetByTestId("library")).ToHaveCountAsync(0);
    }

    [GeneratedRegex("the server responded with a status of 4")]
    private static partial Regex Refused();
}
