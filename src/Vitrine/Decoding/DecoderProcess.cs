using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Vitrine.Decoding.Confinement;

namespace Vitrine.Decoding;

/// <summary>One child process and its pipes. Used by one slot at a time.</summary>
internal sealed class DecoderProcess : IAsyncDisposable
{
    private const int KeptErrorCharacters = 2000;
    private readonly Process _process;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly StringBuilder _errors = new();

    private DecoderProcess(Process process)
    {
        _process = process;
        (_input, _output) = (_process.StandardInput.BaseStream, _process.StandardOutput.BaseStream);
        _process.ErrorDataReceived += (_, line) => KeepError(line.Data);
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>e.g. <c>8.18.7</c>.</summary>
    public string LibraryVersion { get; private set; } = "";

    /// <summary>What holds it back, by its own word.</summary>
    public DecoderConfinement Confinement { get; private set; } = new();

    /// <summary>What the decoder last printed, on one line.</summary>
    public string LastErrors
    {
        get
        {
            lock (_errors)
                return _errors.ToString().TrimEnd().ReplaceLineEndings("; ");
        }
    }

    /// <summary>Starts a decoder and exchanges hellos.</summary>
    /// <param name="command">The program.</param>
    /// <param name="options">Limits, told in the hello.</param>
    /// <param name="itemMemoryLimit">Bytes that one file may take.</param>
    /// <param name="library">A variable that says which library it is to decode with; null for its own choice.</param>
    /// <param name="time">Measures <see cref="DecoderOptions.StartTimeLimit"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DecoderStartException">It ended, said nothing, or spoke another protocol, before it could do anything.</exception>
    public static async Task<DecoderProcess> StartAsync(
        DecoderCommand command, DecoderOptions options, long itemMemoryLimit, (string Variable, string Value)? library, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command.FileName)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
            WorkingDirectory = OperatingSystem.IsWindows() ? Environment.SystemDirectory : "/", // any other would be held, and known
        };
        foreach (var argument in command.Arguments)
            start.ArgumentList.Add(argument);
        DecoderEnvironment.Apply(start.Environment);
        if (library is { } chosen)
            start.Environment[chosen.Variable] = chosen.Value;

        var decoder = new DecoderProcess(StartOrThrow(start));
        try
        {
            await decoder.SendAsync(DecoderHello.Write(options.PixelLimit, itemMemoryLimit), cancellationToken);
            // A limit of its own: how long a program takes to start says nothing about the file that waits for it.
            var answer = await decoder.ReceiveWithinAsync(options.StartTimeLimit, time, cancellationToken);
            (decoder.LibraryVersion, decoder.Confinement) = DecoderHello.ReadAnswer(answer);
            return decoder;
        }
        catch (Exception error) when (error is IOException or DecoderProtocolException or TimeoutException)
        {
            await decoder.KillAsync();
            var message = $"A decoder could not be started ({command.FileName} {string.Join(' ', command.Arguments)}): {error.Message} {decoder.LastErrors}";
            await decoder.DisposeAsync();
            throw new DecoderStartException(message.TrimEnd());
        }
        catch
        {
            await decoder.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="IOException">The decoder is gone.</exception>
    public async Task SendAsync(DecoderFrame frame, CancellationToken cancellationToken)
    {
        await _input.WriteAsync(frame.ToBytes(), cancellationToken);
        await _input.FlushAsync(cancellationToken);
    }

    /// <summary>Waits for the next answer, not counting what the decoder waits for a processor.</summary>
    /// <returns>Null when the decoder is gone.</returns>
    /// <exception cref="TimeoutException">There was no answer within the limit.</exception>
    public Task<DecoderFrame?> ReceiveWithinAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) =>
        WorkLimit.WithinAsync(DecoderFrame.ReadOrNullAsync(_output, CancellationToken.None).AsTask(), limit, () => ProcessorWait.Of(Id, time), time, cancellationToken);

    private static Process StartOrThrow(ProcessStartInfo start)
    {
        try
        {
            return ConfinedStart.Start(start);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or OutOfMemoryException) // the last one where no thread can be made
        {
            throw new DecoderStartException($"{start.FileName} cannot be started: {error.Message}");
        }
    }

    /// <summary>Ends the process at once and waits until it is gone.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        // Also waits until all that it printed has been read.
        await _process.WaitForExitAsync(CancellationToken.None);
        return _process.ExitCode;
    }

    /// <summary>Ends the process: it is idle, or nobody wants its answers any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void KeepError(string? line)
    {
        lock (_errors)
        {
            _errors.AppendLine(line);
            if (_errors.Length > KeptErrorCharacters)
                _errors.Remove(0, _errors.Length - KeptErrorCharacters);
        }
    }
}
