using System.Diagnostics;

namespace Vitrine.Benchmarks.Setting;

/// <summary>A process that works on a PostgreSQL database, started as a person starts it, or with the decoders' work left out.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Scratch _data;

    private WorkerProcess(Process process, Scratch data)
    {
        (_process, _data) = (process, data);
        AppDomain.CurrentDomain.ProcessExit += KillIfAlive;
    }

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

    /// <summary>Starts <c>vitrine worker</c> and waits until it claims.</summary>
    public static Task<WorkerProcess> StartAsync(BenchRun run, string database, int decoders, params string[] arguments) =>
        LaunchAsync(run, database, decoders, Path.Join(AppContext.BaseDirectory, "Vitrine.Cli.dll"), ["worker", .. arguments]);

    /// <summary>Starts one whose stage is a method of these benchmarks.</summary>
    public static Task<WorkerProcess> StartOwnAsync(BenchRun run, string database, string stage) =>
        LaunchAsync(run, database, decoders: 1, typeof(WorkerProcess).Assembly.Location, ["claims-worker", stage]);

    /// <summary>Kills it, with its decoders.</summary>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillIfAlive;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _data.Dispose();
    }

    private static async Task<WorkerProcess> LaunchAsync(BenchRun run, string database, int decoders, string program, string[] arguments)
    {
        var data = run.Scratch();
        var start = new ProcessStartInfo("dotnet", [program, .. arguments, "--data", data.FullPath]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["VITRINE_DATABASE"] = database;
        start.Environment["VITRINE_DECODING__PROCESSES"] = $"{decoders}";
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => ServerProcess.Tell(line.Data);
        process.BeginErrorReadLine();
        var worker = new WorkerProcess(process, data);
        var said = await process.StandardOutput.ReadLineAsync();
        if (said?.StartsWith("Vitrine works as worker ", StringComparison.Ordinal) == true)
            return worker;
        await worker.DisposeAsync();
        throw new InvalidOperationException($"A worker said '{said}' instead of working.");
    }

    private void KillIfAlive(object? sender, EventArgs arguments) => _process.Kill(entireProcessTree: true);
}
