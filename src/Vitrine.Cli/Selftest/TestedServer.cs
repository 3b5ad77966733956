using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Vitrine.Cli.Client;
using Vitrine.Decoding;

namespace Vitrine.Cli.Selftest;

/// <summary>A real <c>vitrine serve</c> in a process of its own, and the ways to do it harm.</summary>
internal sealed class TestedServer : IAsyncDisposable
{
    /// <summary>Only what hangs takes so long to start or to end, however slow the machine.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>The folder's pictures take some 20 ms: with a few thousandths of a core, all that low priority may leave, only the one at which decoders hang takes so long, and three times.</summary>
    private const string ItemTimeLimit = "5s";

    private readonly Process _process;
    private readonly Task<string> _log;

    private TestedServer(Process process, string address, Task<string> log)
    {
        (_process, _log) = (process, log);
        Client = new VitrineClient(address, token: null);
    }

    public VitrineClient Client { get; }

    /// <summary>By itself: nobody asked it to.</summary>
    public bool HasDied => _process.HasExited;

    /// <summary>Starts it and waits until it says where it listens.</summary>
    /// <exception cref="CommandException">It did not start.</exception>
    public static async Task<TestedServer> StartAsync(string dataFolder, CancellationToken cancellationToken)
    {
        var own = DecoderCommand.ForThisProgram();
        string[] serve = [own.FileName, own.Arguments[0], "serve", "--data", dataFolder, "--listen", "http://127.0.0.1:0"];
        // A file that would grow too large must be an error of the write, not the end of the process.
        string[] command = FileSizeLimit.IsSupported ? ["/bin/sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh", .. serve] : serve;
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[DecoderFaults.Variable] = $"crash:{TestedFolder.Killer},hang:{TestedFolder.Hanger}";
        start.Environment["VITRINE_DECODING__ITEM_TIME_LIMIT"] = ItemTimeLimit;
        var process = Process.Start(start) ?? throw new Win32Exception($"{command[0]} did not start.");
        var log = process.StandardError.ReadToEndAsync(CancellationToken.None);
        const string Says = "Vitrine listens on ";
        var first = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(s_patience, cancellationToken);
        if (first?.StartsWith(Says, StringComparison.Ordinal) != true)
        {
            process.Kill();
            throw CommandException.CouldNotRun($"the server did not start: it said '{first}' {(await log).Trim()}");
        }

        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None); // or a full pipe would hold it up
        return new TestedServer(process, first[Says.Length..], log);
    }

    /// <returns>What it logged.</returns>
    public async Task<string> KillAsync()
    {
        _process.Kill();
        return await EndedAsync();
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <returns>Its exit code and what it logged.</returns>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public async Task<(int ExitCode, string Log)> TerminateAsync()
    {
        var start = new ProcessStartInfo("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        using (var kill = Process.Start(start))
            await kill!.WaitForExitAsync(CancellationToken.None);
        var log = await EndedAsync();
        return (_process.ExitCode, log);
    }

    /// <summary>What it logged, once it has ended.</summary>
    public async Task<string> EndedAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(s_patience, CancellationToken.None);
        return await _log.WaitAsync(s_patience, CancellationToken.None);
    }

    /// <summary>SIGKILL for one of its decoders; false where it has none, or the one it had is gone.</summary>
    public bool KillDecoder(Random random)
    {
        var decoders = Children().ToList();
        if (decoders.Count == 0)
            return false;
        try
        {
            using var decoder = Process.GetProcessById(decoders[random.Next(decoders.Count)]);
            decoder.Kill();
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false; // it has just ended
        }
    }

    /// <summary>Fills the disk, as far as this process can tell; null makes room again.</summary>
    public bool TryLimitFiles(ulong? bytes) => FileSizeLimit.TrySet(_process.Id, bytes);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    /// <summary>Each thread has its own list of those that it started.</summary>
    private List<int> Children()
    {
        var found = new List<int>();
        try
        {
            foreach (var task in Directory.EnumerateDirectories($"/proc/{_process.Id}/task"))
                found.AddRange(File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return found; // a thread that has just ended; or a system without /proc: then decoders are left alone
        }

        return found;
    }
}
