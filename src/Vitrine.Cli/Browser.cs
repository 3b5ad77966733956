using System.ComponentModel;
using System.Diagnostics;

namespace Vitrine.Cli;

/// <summary>The browser of the person at this machine.</summary>
internal static class Browser
{
    /// <summary>Opens a page; where that cannot be done, says so and goes on.</summary>
    public static void Open(string url)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(url) { UseShellExecute = true }
            : new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [url]);
        try
        {
            Process.Start(start)?.Dispose();
        }
        catch (Win32Exception exception)
        {
            Console.Error.WriteLine($"vitrine: the browser cannot be opened ({exception.Message}). Open {url} yourself.");
        }
    }
}
