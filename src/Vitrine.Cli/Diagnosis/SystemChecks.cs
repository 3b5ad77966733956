using System.Runtime.InteropServices;
using Vitrine.Storage;

namespace Vitrine.Cli.Diagnosis;

/// <summary>The machine and the runtime.</summary>
internal static class SystemChecks
{
    /// <summary>SQLite before this lacks what bulk writes need to be quick, and fixes of damage.</summary>
    private static readonly Version s_goodSqlite = new(3, 37);

    public static IEnumerable<Check> All()
    {
        yield return Check.Ok(
            "dotnet", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores");
        yield return Sqlite();
    }

    private static Check Sqlite()
    {
        var version = SqliteNative.Version;
        var detail = $"{version}, {SqliteNative.Source}";
        return Version.TryParse(version, out var parsed) && parsed >= s_goodSqlite
            ? Check.Ok("sqlite", detail)
            : Check.Warning("sqlite", $"{detail}: old. Install the system's SQLite (libsqlite3-0) {s_goodSqlite} or later.");
    }
}
