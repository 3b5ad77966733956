using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Vitrine.Decoding;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

/// <summary>The built program, run as people run it: as a process.</summary>
internal sealed class CliProgram : IDisposable
{
    /// <summary>What a terminal makes an interruption of.</summary>
    public const string ControlC = "\u0003";

    private readonly Process _process;

    private CliProgram(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Runs a command to its end.</summary>
    public static Task<CliResult> RunAsync(params string[] arguments) => RunAsync([], arguments);

    /// <param name="variables">Environment variables on top of this process's own.</param>
    /// <param name="arguments">The command and what follows it.</param>
    public static async Task<CliResult> RunAsync((string Name, string Value)[] variables, params string[] arguments)
    {
        using var program = Start(variables, arguments);
        using var patience = Patience.Source();
        var output = program._process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = program._process.StandardError.ReadToEndAsync(patience.Token);
        await program._process.WaitForExitAsync(patience.Token);
        return new CliResult(program._process.ExitCode, await output, await errors);
    }

    /// <summary>Starts <c>vitrine serve</c> on a free port and waits until it listens.</summary>
    public static async Task<(CliProgram Server, string Address)> ServeAsync(params string[] arguments)
    {
        var server = Start([], ["serve", .. arguments, "--listen", "http://127.0.0.1:0"]);
        using var patience = Patience.Source();
        var line = await server._process.StandardOutput.ReadLineAsync(patience.Token) ?? await server._process.StandardError.ReadToEndAsync(patience.Token);
        Assert.StartsWith("Vitrine listens on http://", line);
        return (server, line.Split(' ')[^1]);
    }

    /// <summary>Ctrl+C, then the exit code.</summary>
    public async Task<int> InterruptAsync()
    {
        Assert.Equal(0, Kill(_process.Id, signal: 2));
        using var patience = Patience.Source();
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync();

    /// <summary>All of standard error, once it has ended.</summary>
    public Task<string> ReadErrorsAsync() => _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

    public Task<string?> ReadErrorLineAsync() => _process.StandardError.ReadLineAsync();

    /// <summary>Ends it where it still runs, and waits until it is gone: its files may be deleted then, and its lock is free.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Runs a command on a terminal of its own, and types this line, or <see cref="ControlC"/>, once it asks; everything it showed.</summary>
    public static Task<CliResult> RunOnTerminalAsync(string ask, string answer, params string[] arguments) => RunOnTerminalAsync([], ask, answer, arguments);

    /// <inheritdoc cref="RunOnTerminalAsync(string, string, string[])"/>
    public static async Task<CliResult> RunOnTerminalAsync((string Name, string Value)[] variables, string ask, string answer, params string[] arguments)
    {
        var command = DecoderCommand.ForThisProgram();
        var line = string.Join(' ', new[] { command.FileName, command.Arguments[0] }.Concat(arguments).Select(part => $"'{part}'"));
        var start = new ProcessStartInfo("script", ["--quiet", "--return", "--command", line, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        PatientDecoders.For(start.Environment);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var terminal = Process.Start(start)!;
        using var patience = Patience.Source();
        var shown = new System.Text.StringBuilder();
        var buffer = new char[1024];
        while (await terminal.StandardOutput.ReadAsync(buffer, patience.Token) is var read and > 0)
        {
            shown.Append(buffer.AsSpan(0, read));
            if (answer.Length == 0 || !shown.ToString().Contains(ask, StringComparison.Ordinal))
                continue;
            await terminal.StandardInput.WriteAsync(answer == ControlC ? answer : $"{answer}\n"); // an empty line behind Ctrl+C would be an answer
            await terminal.StandardInput.FlushAsync(patience.Token);
            answer = "";
        }

        await terminal.WaitForExitAsync(patience.Token);
        return new CliResult(terminal.ExitCode, shown.ToString(), "");
    }

    public static CliProgram Start((string Name, string Value)[] variables, params string[] arguments)
    {
        // The same program that decoders are started from.
        var command = DecoderCommand.ForThisProgram();
        var start = new ProcessStartInfo(command.FileName, [command.Arguments[0], .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        PatientDecoders.For(start.Environment);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new CliProgram(Process.Start(start)!);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}

/// <summary>How a command ended.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Standard output as the one JSON document it must be.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}
