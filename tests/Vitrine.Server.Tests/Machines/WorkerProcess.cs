using System.Diagnostics;
using Vitrine.Server.Tests.Faults;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Machines;

/// <summary><c>vitrine worker</c> as a process that can be killed, paused and asked to end.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TemporaryFolder _data;
    private readonly Task<string> _errors;

    private WorkerProcess(Process process, TemporaryFolder data, Task<string> errors, long id) => (_process, _data, _errors, Id) = (process, data, errors, id);

    public int ProcessId => _process.Id;

    /// <summary>As which it claims.</summary>
    public long Id { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Starts it with a data folder of its own, and waits until it claims.</summary>
    /// <param name="faults">What its decoders do wrong.</param>
    /// <param name="lease">How long its claims outlive its last heartbeat.</param>
    public static Task<WorkerProcess> StartAsync(string database, string? faults = null, string lease = "60s", string grace = "10s", params string[] arguments) =>
        StartThroughAsync([], database, faults, lease, grace, arguments);

    /// <param name="through">A program that starts it, with its arguments.</param>
    public static async Task<WorkerProcess> StartThroughAsync(
        string[] through, string database, string? faults = null, string lease = "60s", string grace = "10s", params string[] arguments)
    {
        var data = new TemporaryFolder("vitrine-worker-");
        var (process, first, errors) = await VitrineProcess.LaunchAsync(
            ["worker", "--data", data.Path, .. arguments], faults, through,
            ("VITRINE_DATABASE", database), ("VITRINE_WORK__LEASE", lease), ("VITRINE_INDEXING__SHUTDOWN_GRACE", grace), ("VITRINE_DECODING__PROCESSES", "2"));
        const string Says = "Vitrine works as worker ";
        Assert.True(first?.StartsWith(Says, StringComparison.Ordinal) == true, $"vitrine said '{first}' {(first is null ? await errors : "")}");
        return new WorkerProcess(process, data, errors, long.Parse(first![Says.Length..].Split(' ')[0]));
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Cancelled);
    }

    /// <summary>Nothing happens where it has just ended.</summary>
    public Task SignalAsync(string signal) => Shell.RunAsync($"kill -{signal} \"$1\" 2> /dev/null || true", $"{_process.Id}");

    /// <summary>Its exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(Cancelled).OrTooLateAsync();
        return _process.ExitCode;
    }

    /// <summary>What it logged, to be asked when it has ended.</summary>
    public Task<string> LogAsync() => _errors;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _data.Dispose();
    }
}
