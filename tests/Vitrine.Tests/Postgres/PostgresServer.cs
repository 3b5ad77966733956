using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Vitrine.Tests.Postgres;

/// <summary>A real PostgreSQL server on a free port of loopback, with a data folder of its own that is gone with it.</summary>
internal sealed partial class PostgresServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly IReadOnlyList<string> _settings;
    private Process _process;

    private PostgresServer(string folder, int port, IReadOnlyList<string> settings)
    {
        (_folder, Port, _settings) = (folder, port, settings);
        _process = Launch();
    }

    public int Port { get; }

    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username=vitrine;Database={database};Include Error Detail=true";

    /// <summary>The server's first process, which the others descend from.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Join(_folder, "postmaster.pid")).First());

    /// <summary>Starts one in a new data folder.</summary>
    /// <param name="folder">An empty folder that only this user can read.</param>
    /// <param name="settings">As in postgresql.conf.</param>
    public static async Task<PostgresServer> LaunchAsync(string folder, IReadOnlyList<string> settings)
    {
        if (Environment.IsPrivilegedProcess)
            await RunAsync(new ProcessStartInfo("chown", ["nobody", folder]) { RedirectStandardOutput = true, RedirectStandardError = true });
        await RunAsync(PostgresPrograms.Start("initdb", "-D", folder, "-U", "vitrine", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"));
        var server = new PostgresServer(folder, FreePort(), settings);
        await server.AnswersAsync();
        return server;
    }

    /// <summary>Makes an empty database.</summary>
    public async Task CreateAsync(string database, string template = "template1") =>
        await ExecuteAsync($"CREATE DATABASE \"{database}\" TEMPLATE \"{template}\"");

    public async Task DropAsync(string database) => await ExecuteAsync($"DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)");

    /// <summary>Ends it without warning, as a crash does.</summary>
    public async Task KillAsync()
    {
        // The children of a killed postmaster end when they notice; a new one waits for that.
        Process.GetProcessById(ProcessId).Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>On the same port. While children of a killed one are still ending, a new one refuses to start.</summary>
    public async Task RestartAsync()
    {
        while (true)
        {
            _process.Dispose();
            _process = Launch();
            try
            {
                await AnswersAsync();
                return;
            }
            catch (NpgsqlException) when (_process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (!_process.HasExited)
            await RunAsync(PostgresPrograms.Start("pg_ctl", "stop", "-D", _folder, "-m", "immediate", "-w"));
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {string.Concat(output)}");
    }

    private Process Launch()
    {
        string[] own = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "log_min_messages=fatal"];
        var process = Process.Start(PostgresPrograms.Start(
            "postgres", ["-D", _folder, "-p", $"{Port}", .. own.Concat(_settings).SelectMany(setting => (string[])["-c", setting])]))!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task AnswersAsync()
    {
        while (true)
        {
            try
            {
                await ExecuteAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException) when (!_process.HasExited)
            {
                await Task.Delay(20); // it starts: there is no signal but its answer
            }
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
