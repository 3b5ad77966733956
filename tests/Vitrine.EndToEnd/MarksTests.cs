using System.Text.RegularExpressions;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>What is special about a picture is seen in the grid and in the viewer: that it moves, that its file is damaged.</summary>
public sealed partial class MarksTests(Chromium chromium) : ScreenTest(chromium)
{
    /// <summary>8 × 8, two frames.</summary>
    private static readonly byte[] s_animation = Convert.FromBase64String(
        "R0lGODlhCAAIAJEAAMgeHh4eyB7IHv///yH/C05FVFNDQVBFMi4wAwEAAAAh+QQEFAAAACwAAAAACAAIAAACJQQIECBAgAABAgQIECBAgAABAgQIECBAgAABAgQIECBAgAABAiwAIfkEBBQAAAAsAAAAAAgACAAAAiVMmDBhwoQJEyZMmDBhwoQJEyZMmDBhwoQJEyZMmDBhwoQJEyYsADs=");

    [Fact]
    public async Task Marks_OfAnAnimationAndADamagedPicture_AreShownAndTheAnimationStops()
    {
        var folder = NewFolder().With("moving.gif", s_animation).WithPicture("cut.png");
        var whole = File.ReadAllBytes(folder.PathOf("cut.png"));
        folder.With("cut.png", whole[..(whole.Length * 4 / 5)]);
        var vitrine = await StartAsync();
        var library = await vitrine.AddLibraryAsync(folder.Path);
        await vitrine.WaitUntilFinalAsync(library);
        var address = $"/libraries/{library}?sort=path";

        var screen = await OpenAsync(vitrine, new() { ReducedMotion = ReducedMotion.NoPreference, ColorScheme = ColorScheme.Light });
        await screen.Page.GotoAsync(address);
        await ExpectDamageAsync(screen, "marks-light");
        await screen.Page.Keyboard.PressAsync("Escape");
        var tile = screen.Tile(1);
        await Expect(tile).ToHaveAccessibleNameAsync("moving.gif, animation, ready");
        await Expect(tile.GetByTestId("animated")).ToBeVisibleAsync();
        await tile.DblClickAsync();
        await ExpectSourceAsync(screen, OfFile());
        await ExpectButtonAsync(screen, "Stop the animation");
        await screen.Page.GetByTestId("animation").ClickAsync();
        await ExpectSourceAsync(screen, OfPreview());
        await ExpectButtonAsync(screen, "Play the animation");

        // With reduced motion it stands still until it is started; a file that cannot be shown leaves the preview, and can be tried again.
        var still = await OpenAsync(vitrine, new() { ColorScheme = ColorScheme.Dark, ViewportSize = new() { Width = 320, Height = 640 } });
        still.Expected = Screen.LostConnection(); // the browser notes the 404
        await still.Page.GotoAsync(address);
        await ExpectDamageAsync(still, "marks-dark-320");
        await still.Page.Keyboard.PressAsync("Escape");
        await still.Tile(1).DblClickAsync();
        await ExpectSourceAsync(still, OfPreview());
        await still.Page.RouteAsync("**/api/assets/*/file*", route => route.FulfillAsync(new() { Status = 404 }));
        await still.Page.RunAndWaitForResponseAsync(() => still.Page.GetByTestId("animation").ClickAsync(), answer => answer.Status == 404);
        await ExpectSourceAsync(still, OfPreview());
        await ExpectButtonAsync(still, "Play the animation");
        await still.Page.UnrouteAsync("**/api/assets/*/file*");
        await still.Page.GetByTestId("animation").ClickAsync();
        await ExpectSourceAsync(still, OfFile());
        await ExpectButtonAsync(still, "Stop the animation");
    }

    /// <summary>The first tile, cut.png, then opened.</summary>
    private static async Task ExpectDamageAsync(Screen screen, string name)
    {
        await Expect(screen.Tile(0)).ToHaveAttributeAsync("data-state", "picture");
        await Expect(screen.Tile(0)).ToHaveAccessibleNameAsync(PartlyDamaged());
        await Expect(screen.Tile(0).GetByTestId("warning")).ToBeVisibleAsync();
        await screen.ExpectFineAsync($"{name}-grid");
        await screen.Tile(0).DblClickAsync();
        await Expect(screen.Viewer.GetByTestId("preview")).ToBeVisibleAsync();
        if (!await screen.Page.GetByTestId("info").IsVisibleAsync())
            await screen.Page.Keyboard.PressAsync("i");
        await Expect(screen.Page.GetByTestId("viewer-warning").GetByRole(AriaRole.Heading)).ToHaveTextAsync("Partly damaged");
        await screen.ExpectFineAsync($"{name}-viewer");
    }

    /// <summary>What the stage shows, and that it can be shown.</summary>
    private static async Task ExpectSourceAsync(Screen screen, Regex source)
    {
        var picture = screen.Viewer.GetByTestId("preview");
        await Expect(picture).ToHaveAttributeAsync("src", source);
        await Expect(picture).ToHaveJSPropertyAsync("naturalWidth", 8);
    }

    private static Task ExpectButtonAsync(Screen screen, string name) => Expect(screen.Page.GetByTestId("animation")).ToHaveAccessibleNameAsync(name);

    [GeneratedRegex("/file")]
    private static partial Regex OfFile();

    [GeneratedRegex("/preview")]
    private static partial Regex OfPreview();

    [GeneratedRegex("^cut.png, image, partly damaged: ")]
    private static partial Regex PartlyDamaged();
}
