using System.Diagnostics;
using Npgsql;

namespace Vitrine.Tests.Postgres;

/// <summary>A real PostgreSQL server on a free port of loopback, with a data folder of its own that is gone with it.</summary>
internal sealed partial class PostgresServer : IAsyncDisposable
{
    private const int MostPorts = 5;

    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(20);

    private readonly string _folder;
    private readonly IReadOnlyList<string> _settings;
    private string _lastWords = "";
    private Process _process;

    private PostgresServer(string folder, int port, IReadOnlyList<string> settings)
    {
        (_folder, Port, _settings) = (folder, port, settings);
        _process = Launch();
    }

    public int Port { get; }

    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username=vitrine;Database={database};Include Error Detail=true;Timeout=300;Command Timeout=300"; // no test is about how long a sound server takes

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
        for (var attempt = 1; ; attempt++)
        {
            var server = new PostgresServer(folder, FreePort.Choose(), settings);
            if (await server.AnswersAsync())
                return server;
            // Another process took the port between the choice and the bind.
            server._process.Dispose();
            if (attempt == MostPorts)
                throw new InvalidOperationException($"PostgreSQL did not start on any of {MostPorts} ports. It said last: {server._lastWords}");
        }
    }

    /// <summary>Makes an empty database.</summary>
    public async Task CreateAsync(string database, string template = "template1") =>
        await ExecuteAsync($"CREATE DATABASE \"{database}\" TEMPLATE \"{template}\"");

    public async Task DropAsync(string database) => await ExecuteAsync($"DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)");

    /// <summary>Ends it without warning, as a crash does.</summary>
    public async Task KillAsync()
    {
        var children = Children(ProcessId);
        Process.GetProcessById(ProcessId).Kill();
        await _process.WaitForExitAsync();
        while (children.Any(IsAlive)) // they answer until they notice that they are orphans
            await Task.Delay(s_lookAgain);
    }

    /// <summary>On the same port. While children of a killed one are still ending, a new one refuses to start.</summary>
    public async Task RestartAsync()
    {
        while (true)
        {
            _process.Dispose();
            _process = Launch();
            if (await AnswersAsync())
                return;
            await Task.Delay(s_lookAgain);
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

    /// <summary>The processes whose parent this is; none where the system does not tell.</summary>
    private static string[] Children(int process)
    {
        var list = $"/proc/{process}/task/{process}/children";
        return File.Exists(list) ? File.ReadAllText(list).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
    }

    /// <summary>Whether it runs; one that has ended and that nobody has asked about yet does not.</summary>
    private static bool IsAlive(string process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
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
        process.OutputDataReceived += (_, line) => _lastWords = line.Data ?? _lastWords;
        process.ErrorDataReceived += (_, line) => _lastWords = line.Data ?? _lastWords;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Waits until it answers, for which there is no signal but the answer.</summary>
    /// <returns>False when it has ended instead.</returns>
    private async Task<bool> AnswersAsync()
    {
        while (!_process.HasExited)
        {
            try
            {
                // On its port there may be another one, at which this one is about to fail.
                if (await ExecuteAsync("SHOW data_directory") is string folder && folder == _folder)
                    return true;
            }
            catch (NpgsqlException)
            {
                // it starts
            }

            await Task.Delay(s_lookAgain);
        }

        return false;
    }

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
