using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;

namespace Vitrine.Benchmarks.Setting;

/// <summary>The real server, started as a person starts it, and one client on one connection.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client;

    private ServerProcess(Process process, HttpClient client)
    {
        (_process, _client) = (process, client);
        AppDomain.CurrentDomain.ProcessExit += KillIfAlive; // a run that is stopped in the middle leaves no server behind
    }

    /// <summary>Bytes resident now.</summary>
    public long Resident => Status("VmRSS:");

    /// <summary>Bytes resident at the worst moment so far.</summary>
    public long Peak => Status("VmHWM:");

    /// <summary>Time of all its threads on the processors so far, without its decoders'.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The same with its decoders.</summary>
    public TimeSpan ProcessorOfAll => ProcessTree.Processor(_process.Id);

    /// <summary>Returns as soon as the process is started; see <see cref="WaitUntilAsync"/>.</summary>
    /// <param name="dataFolder">Its own.</param>
    /// <param name="database">How PostgreSQL is reached; null for the embedded database.</param>
    /// <param name="arguments">More of <c>vitrine serve</c>.</param>
    public static ServerProcess Launch(string dataFolder, string? database = null, params string[] arguments) =>
        LaunchProgram(BenchRun.Now, dataFolder, database, arguments);

    /// <summary>As <see cref="Launch"/>, of another build: what was before a change, in turns with what is now.</summary>
    /// <param name="program">Its <c>Vitrine.Cli.dll</c>.</param>
    public static ServerProcess LaunchProgram(string program, string dataFolder, string? database = null, params string[] arguments)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet", [program, "serve", "--data", dataFolder, "--listen", url, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (database is not null)
            start.Environment["VITRINE_DATABASE"] = database;
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Tell(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1, AutomaticDecompression = DecompressionMethods.None };
        return new ServerProcess(process, new HttpClient(handler) { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(5) });
    }

    /// <summary>A server that is ready for the first person.</summary>
    public static async Task<ServerProcess> StartAsync(string dataFolder, string? database = null, params string[] arguments)
    {
        var server = Launch(dataFolder, database, arguments);
        await server.WaitUntilAsync("/api/ready");
        return server;
    }

    /// <summary>The same of another build.</summary>
    public static async Task<ServerProcess> StartProgramAsync(string program, string dataFolder)
    {
        var server = LaunchProgram(program, dataFolder);
        await server.WaitUntilAsync("/api/ready");
        return server;
    }

    /// <summary>Asks for a path until it is answered with success: without pause once the server listens, and every millisecond before, or it would start on what is left of the processors.</summary>
    public async Task WaitUntilAsync(string path)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var response = await _client.GetAsync(path);
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (!_process.HasExited && clock.Elapsed < TimeSpan.FromMinutes(1))
            {
                await Task.Delay(1); // not listening yet
            }
        }
    }

    /// <summary>Opens a socket; a path with its leading slash.</summary>
    public async Task<ClientWebSocket> ConnectAsync(string path)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(_client.BaseAddress!) { Scheme = "ws", Path = path.Split('?')[0], Query = path.Split('?')[^1] }.Uri, CancellationToken.None);
        return socket;
    }

    /// <summary>Adds a folder as a library; its id.</summary>
    public async Task<string> AddAsync(string folder)
    {
        using var response = await _client.PostAsJsonAsync("/api/libraries", new { path = folder });
        response.EnsureSuccessStatusCode();
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        return answer.RootElement.GetProperty("library_id").GetString()!;
    }

    /// <summary>How many items the first page has.</summary>
    public async Task<int> CountFirstPageAsync(string library)
    {
        using var page = await GetAsync($"/api/libraries/{library}/assets?limit=100");
        return page.RootElement.GetProperty("items").GetArrayLength();
    }

    /// <summary>Milliseconds from asking for 200 assets until the last byte of them.</summary>
    public async Task<double> TimePageAsync(string library, long offset, string sort)
    {
        var start = Stopwatch.GetTimestamp();
        using var response = await _client.GetAsync(
            $"/api/libraries/{library}/assets?offset={offset}&limit=200&sort={sort}", HttpCompletionOption.ResponseHeadersRead);
        await response.Content.CopyToAsync(Stream.Null);
        var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        response.EnsureSuccessStatusCode();
        return time;
    }

    public async Task<ImportProgress> ProgressAsync(string library)
    {
        using var progress = await GetAsync($"/api/progress/{library}");
        return ImportProgress.Of(progress.RootElement);
    }

    /// <summary>Asks every few milliseconds, which the server does not feel.</summary>
    public async Task<ImportProgress> ProgressWhenAsync(string library, Func<ImportProgress, bool> reached)
    {
        while (true)
        {
            var progress = await ProgressAsync(library);
            if (reached(progress))
                return progress;
            await Task.Delay(4);
        }
    }

    /// <summary>Returns when the last run of a named job is over.</summary>
    public async Task WaitForJobAsync(string name)
    {
        while (true)
        {
            using var job = await GetAsync($"/api/jobs/{name}");
            if (job.RootElement.GetProperty("job").GetProperty("status").GetString() is not ("running" or "queued"))
                return;
            await Task.Delay(10);
        }
    }

    public async Task<JsonDocument> GetAsync(string path) => JsonDocument.Parse(await _client.GetByteArrayAsync(path));

    public async Task PostAsync(string path)
    {
        using var response = await _client.PostAsync(path, null);
        response.EnsureSuccessStatusCode();
    }

    public async Task PostAsync<T>(string path, T body)
    {
        using var response = await _client.PostAsJsonAsync(path, body);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Kills it, with its decoders: nothing that is measured here is lost by that.</summary>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillIfAlive;
        _client.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void KillIfAlive(object? sender, EventArgs arguments) => _process.Kill(entireProcessTree: true);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Passes on what went wrong.</summary>
    public static void Tell(string? line)
    {
        if (line is not null && (line.Contains("fail:", StringComparison.Ordinal) || line.Contains("xception", StringComparison.Ordinal)))
            BenchRun.Say($"server: {line}");
    }

    private long Status(string field)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
