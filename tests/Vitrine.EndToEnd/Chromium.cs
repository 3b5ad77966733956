using Vitrine.EndToEnd;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Vitrine.EndToEnd;

/// <summary>The system's Chromium, started once and shared: each test has a context of its own in it. Nothing is ever downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private static string ExecutablePath => Environment.GetEnvironmentVariable("VITRINE_CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium";

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(ExecutablePath))
            return;
        Assertions.SetDefaultExpectTimeout((float)Patience.Limit.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = ExecutablePath,
            Headless = true,
            Timeout = (float)Patience.Limit.TotalMilliseconds,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>The browser; where there is none, the test is skipped on a laptop and fails in CI.</summary>
    public IBrowser Require()
    {
        if (_browser is null)
        {
            var message = $"Chromium is missing at {ExecutablePath}: install it (apt-get install chromium) or name it in VITRINE_CHROMIUM.";
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail(message);
            Assert.Skip(message);
        }
        return _browser;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
