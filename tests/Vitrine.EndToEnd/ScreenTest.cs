using Xunit;

namespace Vitrine.EndToEnd;

/// <summary>Opens pages, and at the end holds every one of them to it: nothing on the console, no breach of the content security policy.</summary>
public abstract class ScreenTest(Chromium chromium) : IAsyncLifetime
{
    private readonly List<Screen> _screens = [];
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<IDisposable> _folders = [];

    public ValueTask InitializeAsync()
    {
        chromium.Require();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        var hasFailed = TestContext.Current.TestState?.Result == TestResult.Failed;
        var problems = new List<string>();
        foreach (var screen in _screens)
        {
            if (hasFailed)
                TestContext.Current.AddAttachment($"screen-{_screens.IndexOf(screen)}.png", await screen.Page.ScreenshotAsync(), "image/png");
            problems.AddRange(await screen.ProblemsAsync());
            await screen.CloseAsync();
        }
        foreach (var server in _servers)
            await server.DisposeAsync();
        _folders.ForEach(folder => folder.Dispose());
        GC.SuppressFinalize(this);
        if (!hasFailed)
            Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    protected async Task<Screen> OpenAsync(RunningVitrine vitrine, BrowserNewContextOptions? options = null)
    {
        var screen = await Screen.OpenAsync(chromium.Require(), vitrine.Address, options);
        _screens.Add(screen);
        return screen;
    }

    /// <inheritdoc cref="RunningVitrine.StartAsync"/>
    protected async Task<RunningVitrine> StartAsync(string? faults = null, bool isWatching = false, params IReadOnlyList<string> more)
    {
        var vitrine = await RunningVitrine.StartAsync(faults, isWatching, more);
        _servers.Add(vitrine);
        return vitrine;
    }

    /// <inheritdoc cref="RunningVitrine.StartComparisonAsync"/>
    protected async Task<RunningVitrine> StartComparisonAsync(string folder)
    {
        var vitrine = await RunningVitrine.StartComparisonAsync(folder);
        _servers.Add(vitrine);
        return vitrine;
    }

    protected SampleFolder NewFolder()
    {
        var folder = new SampleFolder();
        _folders.Add(folder);
        return folder;
    }
}
