using Xunit;

namespace Vitrine.Tests.Postgres;

/// <content>What a test asks for; the rest is also the benchmarks'.</content>
internal sealed partial class PostgresServer
{
    /// <summary>Skips the test where no server can be started, and fails it in CI.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        if (PostgresPrograms.FolderOrNull is null)
        {
            const string Missing = $"PostgreSQL is not installed; name its programs' folder in {PostgresPrograms.Variable}.";
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail(Missing);
            Assert.Skip(Missing);
        }

        // Without fsync: a killed server loses nothing by that, only a machine that loses power does.
        return await LaunchAsync(
            Directory.CreateTempSubdirectory("vitrine-postgres-").FullName, ["fsync=off", "max_connections=200", "deadlock_timeout=100ms"]);
    }
}
