using System.ComponentModel;
using System.Diagnostics;
using Vitrine.Cli.Settings;

namespace Vitrine.Cli;

/// <summary>The browser of the person at this machine.</summary>
/// <remarks>Other users see how it was started (<c>/proc/PID/cmdline</c>): no address that is opened here may hold the access token.</remarks>
internal static class Browser
{
    /// <summary>Opens a page; where that cannot be done, says so and goes on.</summary>
    /// <param name="page">An address or a file.</param>
    /// <param name="instead">What the person can open, where it is something else than the page.</param>
    public static void Open(string page, string? instead = null)
    {
        try
        {
            Process.Start(StartOf(page))?.Dispose();
        }
        catch (Win32Exception exception)
        {
            Console.Error.WriteLine($"vitrine: the browser cannot be opened ({exception.Message}). Open {instead ?? page} yourself.");
        }
    }

    private static ProcessStartInfo StartOf(string page)
    {
        if (OperatingSystem.IsWindows())
            return new ProcessStartInfo(page) { UseShellExecute = true };
        var start = new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [page]);
        // A browser lives longer than the server, and hands its environment on to whatever it starts: Vitrine's token and passwords are not for it.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith(OptionVariable.Prefix, StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        return start;
    }
}
