using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Vitrine.EndToEnd;

/// <summary>One page of the screen in a browser context of its own, with everything that went wrong in it.</summary>
public sealed partial class Screen
{
    /// <summary>Collects, from before the first script on: layout shifts, long tasks, breaches of the content security policy, and what each tile has shown.</summary>
    private const string Recorder = """
        window.seen = { shifts: [], longTasks: [], violations: [], tiles: {} };
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            const sources = entry.sources.map((s) => `${s.node?.nodeName}.${s.node?.className ?? s.node?.parentNode?.outerHTML} ${JSON.stringify(s.previousRect)} -> ${JSON.stringify(s.currentRect)}`);
            window.seen.shifts.push({ value: entry.value, at: entry.startTime, sources });
          }
        }).observe({ type: 'layout-shift', buffered: true });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) window.seen.longTasks.push({ at: entry.startTime, ms: entry.duration });
        }).observe({ type: 'longtask', buffered: true });
        addEventListener('securitypolicyviolation', (event) => window.seen.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}`));
        const look = (tile) => {
          const id = tile.dataset.assetId;
          if (!id) return;
          const states = (window.seen.tiles[id] ??= []);
          const state = tile.dataset.state;
          if (states.length > 0 && states[states.length - 1].state === state) return;
          states.push({ state, name: tile.querySelector('.label')?.textContent ?? '', words: tile.querySelector('.words')?.textContent.trim() ?? '' });
        };
        new MutationObserver((changes) => {
          for (const change of changes) {
            if (change.type === 'attributes') { if (change.target.dataset?.testid === 'tile') look(change.target); }
            else for (const node of change.addedNodes) if (node.querySelectorAll) {
              if (node.dataset?.testid === 'tile') look(node);
              for (const tile of node.querySelectorAll('[data-testid="tile"]')) look(tile);
            }
          }
        }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state', 'data-asset-id'] });
        """;

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _requests = new();

    private Screen(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    public ILocator Grid => Page.GetByTestId("grid");

    public ILocator Tiles => Page.GetByTestId("tile");

    public ILocator Viewer => Page.GetByTestId("viewer");

    /// <summary>Method and path of every request to the API so far.</summary>
    public IReadOnlyCollection<string> ApiRequests => [.. _requests.Where(request => request.Contains("/api/", StringComparison.Ordinal))];

    /// <summary>Errors that the test provokes on purpose: the browser itself writes them when a server cannot be reached.</summary>
    public Regex? Expected { get; set; }

    public static async Task<Screen> OpenAsync(IBrowser browser, string address, BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.BaseURL = address;
        options.ViewportSize ??= new() { Width = 1280, Height = 800 };
        options.ReducedMotion ??= ReducedMotion.Reduce;
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Patience.Limit.TotalMilliseconds);
        await context.AddInitScriptAsync(Recorder);
        var screen = new Screen(context, await context.NewPageAsync());
        screen.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                screen._errors.Enqueue($"console {message.Type}: {message.Text} ({message.Location})");
        };
        screen.Page.PageError += (_, error) => screen._errors.Enqueue($"uncaught: {error}");
        screen.Page.Request += (_, request) => screen._requests.Enqueue($"{request.Method} {new Uri(request.Url).PathAndQuery}");
        return screen;
    }

    public ILocator Tile(int index) => Page.Locator($"[data-testid=tile][data-index='{index.ToString(CultureInfo.InvariantCulture)}']");

    public ILocator Focused => Page.Locator("*:focus");

    public Task GoToLibraryAsync(string libraryId) => Page.GotoAsync($"/libraries/{libraryId}");

    /// <summary>The value of an expression in the page, by way of JSON.</summary>
    public async Task<JsonElement> ReadAsync(string expression) =>
        JsonSerializer.Deserialize<JsonElement>(await Page.EvaluateAsync<string>($"() => JSON.stringify({expression})"));

    /// <summary>Adds all layout shifts up, those after input included; what a person could see is more than a thousandth of the screen.</summary>
    public async Task AssertNothingMovedAsync()
    {
        var shifts = await ReadAsync("window.seen.shifts");
        Assert.True(shifts.EnumerateArray().Sum(shift => shift.GetProperty("value").GetDouble()) < 0.001, string.Join('\n', shifts.EnumerateArray()));
    }

    /// <summary>Everything in the page that nobody expected: console errors and warnings, exceptions, breaches of the content security policy.</summary>
    public async Task<IReadOnlyList<string>> ProblemsAsync()
    {
        var violations = await Page.EvaluateAsync<string[]>("() => window.seen?.violations ?? []");
        return [.. _errors.Concat(violations).Where(problem => Expected is null || !Expected.IsMatch(problem))];
    }

    /// <summary>Keeps what is on screen as <c>NAME.png</c> in the folder that VITRINE_SCREENSHOTS names, if it does.</summary>
    public async Task KeepPictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("VITRINE_SCREENSHOTS") is { Length: > 0 } folder)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
    }

    /// <summary>Nothing sticks out sideways, and none of axe's rules is broken; the picture of it is kept as this name.</summary>
    public async Task ExpectFineAsync(string name)
    {
        await KeepPictureAsync(name);
        var overflow = await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth");
        Assert.True(overflow <= 0, $"{name} is {overflow} px too wide.");
        var breaches = await AxeRules.CheckAsync(Page);
        Assert.True(breaches.Count == 0, $"{name}:\n{string.Join('\n', breaches)}");
    }

    /// <summary>As when the window comes to the front: what is asked for from time to time is asked for at once.</summary>
    /// <param name="path">Of what is waited for to be answered.</param>
    public Task LookAgainAsync(string path) => Page.RunAndWaitForResponseAsync(
        () => Page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))"),
        response => response.Request.Method == "GET" && response.Url.EndsWith(path, StringComparison.Ordinal));

    /// <summary>What the browser writes while a server is away.</summary>
    [GeneratedRegex("net::ERR_|WebSocket connection to|Failed to load resource")]
    public static partial Regex LostConnection();

    public Task CloseAsync() => _context.CloseAsync();
}
