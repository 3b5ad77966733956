using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Vitrine.Cli.Diagnosis;

/// <summary>The machine and the runtime.</summary>
internal static class SystemChecks
{
    public static IEnumerable<Check> All()
    {
        yield return Check.Ok(
            "dotnet", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores");
        yield return Sqlite();
    }

    private static Check Sqlite()
    {
        using var connection = new SqliteConnection();
        return Check.Ok("sqlite", connection.ServerVersion);
    }
}
