using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Vitrine.Decoding;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Faults;

/// <summary>The program itself, <c>vitrine serve</c>, as a process that can be killed.</summary>
internal sealed class VitrineProcess : IAsyncDisposable
{
    private readonly Process _process;

    private VitrineProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        Http = new HttpClient { BaseAddress = address, Timeout = Patience.Limit };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public int Id => _process.Id;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Starts it and waits until it says where it listens.</summary>
    /// <param name="through">A program that starts it, such as <c>setpriv</c>, with its arguments.</param>
    public static async Task<VitrineProcess> StartAsync(string dataFolder, string? faults = null, params string[] through) =>
        await ListeningAsync(await LaunchAsync(dataFolder, faults, through));

    /// <summary>As <see cref="StartAsync"/>, without a watch: only what a test asks for is scanned.</summary>
    public static async Task<VitrineProcess> StartUnwatchedAsync(string dataFolder, params string[] through) => await ListeningAsync(
        await LaunchAsync(["serve", "--data", dataFolder, "--listen", "http://127.0.0.1:0"], null, through, ("VITRINE_WATCHING__ENABLED", "false")));

    /// <summary>Starts it with some of the stages only.</summary>
    public static async Task<VitrineProcess> StartStagesAsync(string dataFolder, string stages) => await ListeningAsync(
        await LaunchAsync(["serve", "--data", dataFolder, "--listen", "http://127.0.0.1:0"], null, [], ("VITRINE_WORK__STAGES", stages)));

    /// <summary>Starts it on a shared database.</summary>
    public static async Task<VitrineProcess> StartSharedAsync(string dataFolder, string database, params string[] arguments) =>
        await ListeningAsync(await LaunchAsync(
            ["serve", "--data", dataFolder, "--listen", "http://127.0.0.1:0", .. arguments], null, [], ("VITRINE_DATABASE", database), ("VITRINE_WATCHING__ENABLED", "false")));

    /// <summary>Starts it where it must not start; its exit code and what it said.</summary>
    public static async Task<(int ExitCode, string Errors)> FailToStartAsync(string dataFolder, params string[] through)
    {
        var (process, _, errors) = await LaunchAsync(dataFolder, null, through);
        using (process)
        {
            await process.WaitForExitAsync(Cancelled).OrTooLateAsync();
            return (process.ExitCode, await errors);
        }
    }

    public async Task<JsonElement> GetAsync(string path) =>
        await RunningServer.ReadAsync(await Http.GetAsync(path, Cancelled), HttpStatusCode.OK);

    public async Task<string> AddAsync(string folder)
    {
        var answer = await Http.PostAsync("/api/libraries", System.Net.Http.Json.JsonContent.Create(new { path = folder }), Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).RootElement.GetProperty("library_id").GetString()!;
    }

    /// <summary>Waits until it has heard of a library that another process added.</summary>
    public Task KnowsAsync(string library) =>
        Patience.UntilAsync(async () => (await Http.GetAsync($"/api/progress/{library}", Cancelled)).StatusCode != HttpStatusCode.NotFound);

    /// <summary>Follows the progress until it is as wanted, or ends.</summary>
    public async Task<JsonElement> FollowAsync(string library, Func<JsonElement, bool> wanted)
    {
        using var late = Patience.Source();
        using var stream = new StreamReader(await Http.GetStreamAsync($"/sse/progress/{library}", late.Token));
        JsonElement last = default;
        while (await stream.ReadLineAsync(late.Token) is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal))
                continue;
            last = JsonDocument.Parse(line["data: ".Length..]).RootElement;
            if (wanted(last))
                break;
        }

        return last;
    }

    public Task<JsonElement> FinishedAsync(string library) => FollowAsync(library, _ => false);

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Cancelled);
    }

    /// <summary>SIGTERM; its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await Shell.RunAsync("kill -TERM \"$1\"", $"{_process.Id}");
        await _process.WaitForExitAsync(Cancelled).OrTooLateAsync();
        return _process.ExitCode;
    }

    /// <summary>Waits until it takes no connection any more.</summary>
    public Task NoLongerListensAsync() => Patience.UntilAsync(async () =>
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            await client.ConnectAsync(Address.Host, Address.Port, Cancelled);
            return false;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return true;
        }
    });

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static async Task<VitrineProcess> ListeningAsync((Process Process, string? FirstLine, Task<string> Errors) launched)
    {
        const string Says = "Vitrine listens on ";
        var (process, first, errors) = launched;
        Assert.True(first?.StartsWith(Says, StringComparison.Ordinal) == true, $"vitrine said '{first}' {(first is null ? await errors : "")}");
        return new VitrineProcess(process, new Uri(first![Says.Length..]));
    }

    private static Task<(Process Process, string? FirstLine, Task<string> Errors)> LaunchAsync(string dataFolder, string? faults, string[] through) =>
        LaunchAsync(["serve", "--data", dataFolder, "--listen", "http://127.0.0.1:0"], faults, through);

    /// <summary>Starts the program, and waits for its first line.</summary>
    internal static async Task<(Process Process, string? FirstLine, Task<string> Errors)> LaunchAsync(
        string[] arguments, string? faults, string[] through, params (string Name, string Value)[] environment)
    {
        var own = DecoderCommand.ForThisProgram();
        string[] command = [.. through, own.FileName, own.Arguments[0], .. arguments];
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command[1..])
            start.ArgumentList.Add(argument);
        PatientDecoders.For(start.Environment);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        if (faults is not null)
            start.Environment[DecoderFaults.Variable] = faults;
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var first = await process.StandardOutput.ReadLineAsync(Cancelled).AsTask().OrTooLateAsync();
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None); // or a full pipe would hold it up
        return (process, first, errors);
    }
}
