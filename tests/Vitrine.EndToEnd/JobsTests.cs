using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>The page of jobs, and failures by reason.</summary>
public sealed class JobsTests(Chromium chromium) : ScreenTest(chromium)
{
    [Fact]
    public async Task Jobs_ScanRunsAgain_IsShownLiveWithItsLinesAndRuns()
    {
        var folder = NewFolder().WithPictures(2);
        var vitrine = await StartAsync();
        var library = await vitrine.AddLibraryAsync(folder.Path, "Harbour");
        await vitrine.WaitUntilFinalAsync(library);
        var screen = await OpenAsync(vitrine);
        await screen.Page.GotoAsync("/");
        await screen.Page.GetByTestId("jobs-link").ClickAsync();
        var job = screen.Page.Locator($"[data-testid=job][data-job='scan:{library}']");
        await Expect(job).ToHaveAttributeAsync("data-status", "completed");
        await Expect(job.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Scan: Harbour");
        await job.GetByText("Log lines and last runs").ClickAsync();
        await Expect(job).ToContainTextAsync("2 added");

        folder.WithPicture("new.png");
        await vitrine.PostAsync($"/api/libraries/{library}/scan");

        await Expect(job).ToContainTextAsync("1 added");
        await Expect(job).ToContainTextAsync("Scanned ");
        await Expect(job).ToContainTextAsync(" runs kept");
        await Expect(job).ToHaveAttributeAsync("data-status", "completed");
        foreach (var (colours, width) in ((ColorScheme, int)[])[(ColorScheme.Light, 1280), (ColorScheme.Dark, 320)])
        {
            await screen.Page.EmulateMediaAsync(new() { ColorScheme = colours });
            await screen.Page.SetViewportSizeAsync(width, 800);
            await screen.KeepPictureAsync($"jobs-{width}");
            Assert.True(await screen.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") <= 0);
            Assert.Empty(await AxeRules.CheckAsync(screen.Page));
        }
    }

    [Fact]
    public async Task Failures_SeveralReasons_AreGroupedAndRetriedByReason()
    {
        var folder = NewFolder().WithPictures(2).With("a.png", "not a picture").With("b.png", "nor this").With("empty.png", "");
        var vitrine = await StartAsync();
        var library = await vitrine.AddLibraryAsync(folder.Path);
        await vitrine.WaitUntilFinalAsync(library);
        var screen = await OpenAsync(vitrine);
        await screen.GoToLibraryAsync(library);
        await screen.Page.GetByTestId("failures-button").ClickAsync();
        var groups = screen.Page.GetByTestId("failure-group");
        await Expect(groups).ToHaveCountAsync(2);
        await Expect(groups.First.GetByTestId("failure")).ToHaveCountAsync(2);
        await Expect(groups.Last).ToContainTextAsync("The file is empty.");
        await screen.KeepPictureAsync("failure-groups");

        folder.WithPicture("a.png").WithPicture("b.png");
        await groups.First.GetByTestId("retry-reason").ClickAsync();

        await Expect(groups).ToHaveCountAsync(1);
        await Expect(groups.GetByTestId("failure")).ToContainTextAsync("empty.png");
        await Expect(screen.Page.GetByTestId("headline")).ToContainTextAsync("4");
    }
}
