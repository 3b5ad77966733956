using System.Globalization;
using System.Text.RegularExpressions;
using Vitrine.Cli.Samples;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>The page of <c>vitrine demo --compare</c>: the same folder, imported two ways.</summary>
public sealed partial class ComparePageTests(Chromium chromium, FinishedLibrary finished) : FinishedLibraryTest(chromium, finished)
{
    [Fact]
    public async Task Compare_BothWays_StandShowTheSamePicturesAndSurviveACancel()
    {
        var folder = WithSamples(NewFolder());
        var vitrine = await StartComparisonAsync(folder.Path);
        var screen = await OpenAsync(vitrine);
        await screen.Page.GotoAsync("/compare");
        var counts = new List<int>();
        foreach (var way in (string[])["foreground", "background", "background"]) // the last one forgets the one before
        {
            var section = screen.Page.GetByTestId(way);
            var button = section.GetByRole(AriaRole.Button);
            await button.ClickAsync();
            await Expect(section.Locator("[data-measure=all]")).ToHaveTextAsync(Seconds()); // "–" before
            await Expect(section).ToHaveAttributeAsync("data-running", "false");
            await Expect(button).ToHaveAttributeAsync("aria-disabled", "false");
            await Expect(button).ToBeFocusedAsync();
            await Expect(section.Locator("[data-measure=first]")).ToHaveTextAsync(Seconds());
            await Expect(section.GetByRole(AriaRole.Status)).ToContainTextAsync("all done after");
            counts.Add(int.Parse((await section.GetAttributeAsync("data-pictures"))!, CultureInfo.InvariantCulture));
        }

        Assert.InRange(counts[0], 101, 200);
        Assert.Single(counts.Distinct());
        Assert.Equal(1, (await vitrine.GetAsync("/api/libraries")).GetProperty("items").GetArrayLength());
        await screen.ExpectFineAsync("compare");
        await screen.Page.SetViewportSizeAsync(320, 640);
        await screen.ExpectFineAsync("compare-320");
        Assert.True(
            await screen.Page.Locator("[data-measure=all]").First.EvaluateAsync<bool>("(time) => { time.textContent = '12.3 s'; return time.clientHeight < 2 * parseFloat(getComputedStyle(time).fontSize); }"),
            "A time takes two lines, and the page moves when it comes.");

        await CancelMeanwhileAsync(vitrine, screen, folder);
    }

    [Fact]
    public async Task Compare_OnAnOrdinaryServer_IsNotThere()
    {
        var screen = await OpenAsync(Finished.Vitrine);
        screen.Expected = Screen.LostConnection(); // the browser notes the 404
        await screen.Page.GotoAsync("/compare");
        await Expect(screen.Page.GetByRole(AriaRole.Heading, new() { Name = "There is nothing here" })).ToBeVisibleAsync();
    }

    /// <summary>Somebody else cancels the import that the page watches: one whose library is known already, and paused, so that it cannot end before.</summary>
    private static async Task CancelMeanwhileAsync(RunningVitrine vitrine, Screen screen, SampleFolder folder)
    {
        var library = (await vitrine.GetAsync("/api/libraries")).GetProperty("items")[0].GetProperty("library_id").GetString()!;
        await vitrine.FillPausedAsync(library, () => folder.WithPicture("late.png"));
        await Patience.UntilAsync(async () => (await vitrine.GetAsync($"/api/progress/{library}")).GetProperty("status").GetString() == "paused");
        await screen.Page.ReloadAsync();
        // So the page does not forget it.
        await screen.Page.RouteAsync(
            "**/api/libraries", route => route.Request.Method == "GET" ? route.FulfillAsync(new() { ContentType = "application/json", Body = """{"items":[]}""" }) : route.ContinueAsync());
        var section = screen.Page.GetByTestId("background");
        await section.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(section.Locator("img").First).ToBeVisibleAsync();
        await Expect(section).ToHaveAttributeAsync("data-running", "true");
        await vitrine.PostAsync($"/api/libraries/{library}/cancel");
        await Expect(screen.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The import was cancelled.");
        await Expect(section).ToHaveAttributeAsync("data-running", "false");
        await Expect(section.GetByRole(AriaRole.Button)).ToHaveAttributeAsync("aria-disabled", "false");
        await Expect(section.Locator("[data-measure=all]")).ToHaveTextAsync("–");
    }

    /// <summary>Small pictures in the places of the samples, which are made where they are missing: drawing all of them takes its time.</summary>
    private static SampleFolder WithSamples(SampleFolder folder)
    {
        var seed = 0;
        foreach (var sample in SampleCatalogue.Pictures().Where(sample => !sample.Path.EndsWith(".svg", StringComparison.Ordinal)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.PathOf(sample.Path))!);
            folder.WithPicture(sample.Path, 60, 45, ++seed);
        }

        return folder;
    }

    [GeneratedRegex(@"^\d+\.\d s$")]
    private static partial Regex Seconds();
}
