using System.Globalization;
using System.Runtime.InteropServices;
using Vitrine.Storage;

namespace Vitrine.Cli.Diagnosis;

/// <summary>The machine and the runtime.</summary>
internal static class SystemChecks
{
    private const string WatchLimitFile = "/proc/sys/fs/inotify/max_user_watches";

    /// <summary>Folders that may be watched before a library of many folders runs out; newer kernels allow far more.</summary>
    private const long FewWatches = 65_536;

    /// <summary>SQLite before this lacks what bulk writes need to be quick, and fixes of damage.</summary>
    private static readonly Version s_goodSqlite = new(3, 37);

    public static IEnumerable<Check> All()
    {
        yield return Check.Fine(
            "dotnet", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores");
        yield return Sqlite();
        if (OperatingSystem.IsLinux())
            yield return Watches();
    }

    private static Check Sqlite()
    {
        var version = SqliteNative.Version;
        var detail = $"{version}, {SqliteNative.Source}";
        return Version.TryParse(version, out var parsed) && parsed >= s_goodSqlite
            ? Check.Fine("sqlite", detail)
            : Check.Limited("sqlite", $"{detail}: old. Install the system's SQLite (libsqlite3-0) {s_goodSqlite} or later.");
    }

    private static Check Watches()
    {
        try
        {
            var limit = long.Parse(File.ReadAllText(WatchLimitFile), CultureInfo.InvariantCulture);
            return limit >= FewWatches
                ? Check.Fine("inotify_watches", $"{limit:N0} folders may be watched")
                : Check.Limited("inotify_watches", $"{limit:N0} folders may be watched; for larger libraries raise it: sysctl fs.inotify.max_user_watches=524288");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return Check.Limited("inotify_watches", $"{WatchLimitFile} cannot be read: {exception.Message}");
        }
    }
}
