using System.Globalization;

namespace Vitrine.Cli.Diagnosis;

/// <summary>How many folders the system lets be watched, against how many there are.</summary>
internal static class WatchLimit
{
    private const string File = "/proc/sys/fs/inotify/max_user_watches";

    /// <summary>Room for other programs, and for folders that are still to come.</summary>
    private const double PartForVitrine = 0.5;

    public static Check Check(long folders)
    {
        try
        {
            var limit = long.Parse(System.IO.File.ReadAllText(File), CultureInfo.InvariantCulture);
            return folders <= limit * PartForVitrine
                ? Diagnosis.Check.Ok("inotify_watches", $"{limit:N0} folders may be watched; there are {folders:N0}")
                : Diagnosis.Check.Warning(
                    "inotify_watches",
                    $"{limit:N0} folders may be watched by all programs together, and there are {folders:N0}: those above are only scanned now and then. "
                    + $"Raise it: sysctl fs.inotify.max_user_watches={Math.Max(524_288, folders * 4)}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return Diagnosis.Check.Warning("inotify_watches", $"{File} cannot be read: {exception.Message}");
        }
    }
}
