using System.Diagnostics;
using Npgsql;
using Vitrine.Storage;
using Vitrine.Tests.Postgres;

namespace Vitrine.Benchmarks.Setting;

/// <summary>
/// A PostgreSQL server of this run, on this machine, set as an owner with a few gigabytes to spare would: every commit is on the disk when it is answered.
/// </summary>
internal sealed class DurablePostgres : IAsyncDisposable
{
    private readonly Scratch _folder;
    private readonly PostgresServer _server;
    private readonly bool _profiles;

    private DurablePostgres(Scratch folder, PostgresServer server, bool profiles)
    {
        (_folder, _server, _profiles) = (folder, server, profiles);
        AppDomain.CurrentDomain.ProcessExit += KillIfAlive; // a run that is stopped in the middle leaves no server behind
    }

    /// <summary>For the table.</summary>
    public static string Setting => "PostgreSQL on the same machine, `shared_buffers` 1 GB, `max_wal_size` 4 GB, else as it comes";

    /// <summary>Time of all its processes on the processors so far.</summary>
    public TimeSpan Processor => ProcessTree.Processor(_server.ProcessId);

    public static async Task<DurablePostgres> StartAsync(BenchRun run)
    {
        if (PostgresPrograms.FolderOrNull is null)
            throw new InvalidOperationException($"PostgreSQL is not installed; name its programs' folder in {PostgresPrograms.Variable}.");
        var folder = run.Scratch();
        string[] settings = ["shared_buffers=1GB", "max_wal_size=4GB", "max_connections=200"];
        // What the profile counts costs a little time of every statement.
        var server = await PostgresServer.LaunchAsync(folder.FullPath, run.Profile ? [.. settings, "shared_preload_libraries=pg_stat_statements"] : settings);
        return new DurablePostgres(folder, server, run.Profile);
    }

    public string ConnectionString(string database) => _server.ConnectionString(database);

    /// <summary>Makes a database, empty or a copy; its connection string.</summary>
    public async Task<string> CreateAsync(string database, string template = "template1")
    {
        await _server.CreateAsync(database, template);
        if (_profiles)
            await ExecuteAsync(database, "CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
        return ConnectionString(database);
    }

    public Task DropAsync(string database) => _server.DropAsync(database);

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> NumberAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        return connection.QueryNumber(sql);
    }

    /// <summary>Bytes of log written so far, by all databases.</summary>
    public Task<long> LogBytesAsync() => NumberAsync("postgres", "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::BIGINT");

    /// <summary>Runs one of PostgreSQL's own programs; milliseconds.</summary>
    public Task<double> TimeProgramAsync(string program, string database, params string[] arguments) =>
        Programs.TimeAsync(
            Path.Join(PostgresPrograms.FolderOrNull, program), ["-h", "127.0.0.1", "-p", $"{_server.Port}", "-U", "vitrine", "-d", database, .. arguments]);

    /// <summary>Forgets what was counted before; see <see cref="TellProfileAsync"/>.</summary>
    public Task BeginProfileAsync(string database) => _profiles ? ExecuteAsync(database, "SELECT pg_stat_statements_reset()") : Task.CompletedTask;

    /// <summary>Says which statements took the server's time since then, each per one of <paramref name="count"/>.</summary>
    public async Task TellProfileAsync(string database, string what, int count)
    {
        if (!_profiles)
            return;
        await using var connection = await OpenAsync(database);
        var statements = connection.Query(
            """
            SELECT s.calls, s.total_exec_time, s.rows, s.wal_bytes::BIGINT, regexp_replace(s.query, '\s+', ' ', 'g')
            FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = current_database() ORDER BY s.total_exec_time DESC
            """,
            row => (Calls: row.GetInt64(0), Milliseconds: row.GetDouble(1), Rows: row.GetInt64(2), Wal: row.GetInt64(3), Text: row.GetString(4)));
        BenchRun.Say($"{what}: {statements.Sum(s => s.Calls) / (double)count:0.00} statements and {statements.Sum(s => s.Wal) / count:N0} bytes of log per asset; of them");
        foreach (var s in statements.Take(15))
        {
            BenchRun.Say(
                $"  {s.Calls / (double)count,6:0.000} calls {s.Milliseconds / count * 1000,7:0.0} µs {s.Wal / count,6:N0} B per asset, {s.Rows / (double)s.Calls,6:0.0} rows per call: "
                + s.Text[..Math.Min(110, s.Text.Length)]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillIfAlive;
        await _server.DisposeAsync(); // takes the folder with it
    }

    private async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private void KillIfAlive(object? sender, EventArgs arguments)
    {
        if (Directory.Exists(_folder.FullPath))
            Process.GetProcessById(_server.ProcessId).Kill();
    }
}
