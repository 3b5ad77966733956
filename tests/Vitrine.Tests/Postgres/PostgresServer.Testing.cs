using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Postgres;

/// <content>What a test asks for; the rest is also the benchmarks'.</content>
internal sealed partial class PostgresServer
{
    /// <summary>Lets everybody at an address in, who must be listened to as well.</summary>
    public async Task AllowAsync(string address)
    {
        await File.AppendAllTextAsync(Path.Join(_folder, "pg_hba.conf"), $"host all all {address}/32 trust\n");
        await ExecuteAsync("SELECT pg_reload_conf()");
    }

    /// <summary>Ends it at once and in order: connections are cut, and the next start recovers as after a crash.</summary>
    public async Task StopImmediatelyAsync()
    {
        await RunAsync(PostgresPrograms.Start("pg_ctl", "stop", "-D", _folder, "-m", "immediate", "-w"));
        await _process.WaitForExitAsync();
    }

    /// <summary>Skips the test where no server can be started, and fails it in CI.</summary>
    /// <param name="settings">More of them, as in postgresql.conf.</param>
    public static async Task<PostgresServer> StartAsync(params string[] settings)
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
            TestFolder.Create("vitrine-postgres-"), ["fsync=off", "max_wal_size=128MB", "max_connections=200", "deadlock_timeout=100ms", .. settings]);
    }
}
