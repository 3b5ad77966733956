using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Vitrine.EndToEnd;

/// <summary>The real program as a child process, on a data folder of its own that is removed with it.</summary>
public sealed class RunningVitrine : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("vitrine-e2e-data-").FullName;
    private Process _process = null!;
    private Task<string> _errors = Task.FromResult("");
    private Task _output = Task.CompletedTask;

    private RunningVitrine()
    {
    }

    /// <summary>Where it listens; the same after a restart.</summary>
    public string Address { get; private set; } = "http://127.0.0.1:0";

    public HttpClient Api { get; private set; } = new();

    /// <param name="faults">What its decoders do wrong on purpose, such as <c>hang:a.png</c>; empty once it was restarted.</param>
    public static async Task<RunningVitrine> StartAsync(string? faults = null)
    {
        var running = new RunningVitrine();
        await running.StartProcessAsync(faults);
        running.Api.BaseAddress = new Uri(running.Address);
        return running;
    }

    /// <summary>Ends it the hard way, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Starts it again after <see cref="KillAsync"/>: same data, same address, healthy decoders.</summary>
    public Task StartAgainAsync() => StartProcessAsync(faults: null);

    public async Task<string> AddLibraryAsync(string path, string? name = null)
    {
        using var answer = await Api.PostAsJsonAsync("/api/libraries", new { path, name });
        answer.EnsureSuccessStatusCode();
        var added = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return added.GetProperty("library_id").GetString()!;
    }

    /// <summary>Follows the event stream, which ends by itself when the work is done.</summary>
    /// <returns>The last snapshot.</returns>
    public async Task<JsonElement> WaitUntilFinalAsync(string libraryId)
    {
        using var answer = await Api.GetAsync($"/sse/progress/{libraryId}", HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var last = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
                last = line[5..];
        }
        return JsonSerializer.Deserialize<JsonElement>(last);
    }

    public Task<JsonElement> GetAsync(string path) => Api.GetFromJsonAsync<JsonElement>(path);

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await Task.WhenAll(_errors, _output);
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private async Task StartProcessAsync(string? faults)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Vitrine.Cli.dll"), "serve", "--data", _data, "--listen", Address];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        if (faults is not null)
            start.Environment["VITRINE_DECODER_FAULTS"] = faults;
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var at = line.IndexOf("http://", StringComparison.Ordinal);
            if (at < 0)
                continue;
            Address = line[at..].Split(' ')[0].TrimEnd('/');
            // Read on, so that it never waits for someone to listen.
            _output = _process.StandardOutput.ReadToEndAsync();
            return;
        }
        throw new InvalidOperationException($"Vitrine ended before it listened: {await _errors}");
    }
}
