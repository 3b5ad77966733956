using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Vitrine.EndToEnd;

/// <summary>The real program as a child process, on a data folder of its own that is removed with it.</summary>
public sealed class RunningVitrine : IAsyncDisposable
{
    private const int MostPorts = 5;

    private readonly string _data = Directory.CreateTempSubdirectory("vitrine-e2e-data-").FullName;
    private Process _process = null!;
    private Task<string> _errors = Task.FromResult("");
    private Task _output = Task.CompletedTask;
    private readonly bool _isWatching;
    private readonly IReadOnlyList<string> _command;

    private RunningVitrine(IReadOnlyList<string> command, bool isWatching) => (_command, _isWatching) = (command, isWatching);

    /// <summary>Where it listens; the same after a restart.</summary>
    public string Address { get; private set; } = "";

    public HttpClient Api { get; private set; } = new();

    /// <param name="faults">What its decoders do wrong on purpose, such as <c>hang:a.png</c>; empty once it was restarted.</param>
    /// <param name="isWatching">Whether it takes in by itself what changes in the folders, some seconds later; else it scans what a test asks for.</param>
    /// <param name="more">Options of <c>serve</c>.</param>
    public static Task<RunningVitrine> StartAsync(string? faults = null, bool isWatching = false, params IReadOnlyList<string> more) =>
        LaunchAsync(["serve", .. more], faults, isWatching);

    /// <summary><c>vitrine demo --compare</c>, when both ways were measured once. Its database is in a folder of its own, which goes with it.</summary>
    /// <param name="folder">Where the samples are.</param>
    public static Task<RunningVitrine> StartComparisonAsync(string folder) => LaunchAsync(["demo", folder, "--compare"], faults: null, isWatching: false);

    private static async Task<RunningVitrine> LaunchAsync(IReadOnlyList<string> command, string? faults, bool isWatching)
    {
        var running = new RunningVitrine(command, isWatching);
        for (var attempt = 1; ; attempt++)
        {
            running.Address = $"http://127.0.0.1:{FreePort.Choose()}";
            if (await running.ListensAsync(faults))
                break;
            // Another process took the port between the choice and the bind.
            if (attempt == MostPorts)
                throw new InvalidOperationException($"Vitrine ended before it listened: {await running._errors}");
            running._process.Dispose();
        }
        running.Api.BaseAddress = new Uri(running.Address);
        running.Api.Timeout = Patience.Limit;
        return running;
    }

    /// <summary>A file of its data folder.</summary>
    public string InData(string name) => Path.Combine(_data, name);

    /// <summary>Ends it the hard way, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Starts it again after <see cref="KillAsync"/>: same data, same address, healthy decoders.</summary>
    public async Task StartAgainAsync()
    {
        if (!await ListensAsync(faults: null))
            throw new InvalidOperationException($"Vitrine ended before it listened again: {await _errors}");
    }

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

    /// <summary>Pauses a library that is empty, and has it find what then comes into its folder: nothing of that is begun before it is resumed.</summary>
    public async Task FillPausedAsync(string libraryId, Action fill)
    {
        await WaitUntilFinalAsync(libraryId);
        await PostAsync($"/api/libraries/{libraryId}/pause");
        fill();
        await PostAsync($"/api/libraries/{libraryId}/scan");
        await WaitUntilFoundAsync(libraryId);
    }

    /// <summary>Waits until all files of a folder that is not empty are found.</summary>
    public Task WaitUntilFoundAsync(string libraryId) => Patience.UntilAsync(async () =>
    {
        var progress = await GetAsync($"/api/progress/{libraryId}");
        return progress.GetProperty("total").GetInt32() > 0 && !progress.GetProperty("scanning").GetBoolean();
    });

    public Task<JsonElement> GetAsync(string path) => Api.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Asks for something that has no body, and must be accepted.</summary>
    public async Task PostAsync(string path)
    {
        using var answer = await Api.PostAsync(path, null);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (!_process.HasExited && _command[0] == "serve")
            _process.Kill(entireProcessTree: true);
        else if (!_process.HasExited)
            _ = Kill(_process.Id, signal: 2); // Ctrl+C: it takes its folder with it
        await _process.WaitForExitAsync();
        await Task.WhenAll(_errors, _output);
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    /// <returns>False when it ended before it listened.</returns>
    private async Task<bool> ListensAsync(string? faults)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Vitrine.Cli.dll"), .. _command, "--data", _data, "--listen", Address];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        PatientDecoders.For(start.Environment);
        start.Environment["VITRINE_WATCHING__ENABLED"] = _isWatching ? "true" : "false";
        if (faults is not null)
            start.Environment["VITRINE_DECODER_FAULTS"] = faults;
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.Contains(Address, StringComparison.Ordinal))
                continue;
            // Read on, so that it never waits for someone to listen.
            _output = _process.StandardOutput.ReadToEndAsync();
            return true;
        }
        await _process.WaitForExitAsync();
        return false;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
