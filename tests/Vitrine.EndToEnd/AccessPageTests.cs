using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>A browser without the access token.</summary>
public sealed class AccessPageTests(Chromium chromium) : ScreenTest(chromium)
{
    [Fact]
    public async Task AccessPage_WrongTokenThenTheRightOne_LeadsToWhatWasAskedFor()
    {
        var vitrine = await StartAsync(more: "--require-token");
        var screen = await OpenAsync(vitrine, new() { ColorScheme = ColorScheme.Dark, ViewportSize = new() { Width = 320, Height = 640 } });
        screen.Expected = new("status of 401"); // the browser notes it
        await screen.Page.GotoAsync("/jobs?from=a%20bookmark");
        await Expect(screen.Page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Vitrine needs its access token");
        var field = screen.Page.GetByLabel("Access token");
        await Expect(field).ToBeFocusedAsync();
        await screen.ExpectFineAsync("access-dark-320");
        await screen.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await screen.Page.SetViewportSizeAsync(1280, 800);
        await screen.ExpectFineAsync("access-light-1280");

        await field.FillAsync("wrong");
        await field.PressAsync("Enter");
        await Expect(screen.Page.Locator("#problem")).ToContainTextAsync("This is not the token");
        await field.FillAsync((await File.ReadAllTextAsync(vitrine.InData("access-token"))).Trim());
        await field.PressAsync("Enter");
        await Expect(screen.Page.GetByRole(AriaRole.Heading, new() { Name = "Jobs", Exact = true })).ToBeVisibleAsync();
        Assert.Equal($"{vitrine.Address}/jobs?from=a%20bookmark", screen.Page.Url);

        await screen.Page.GotoAsync("/");
        await Expect(screen.Page.GetByTestId("empty")).ToBeVisibleAsync();
    }
}
