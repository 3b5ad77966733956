using System.Diagnostics;
using System.Text;
using Vitrine.Images.Vips;

namespace Vitrine.Decoding;

/// <summary>One child process and its pipes. Used by one slot at a time.</summary>
internal sealed class DecoderProcess : IAsyncDisposable
{
    private const int KeptErrorCharacters = 2000;
    private readonly Process process;
    private readonly Stream input;
    private readonly Stream output;
    private readonly StringBuilder errors = new();

    private DecoderProcess(Process process)
    {
        this.process = process;
        (input, output) = (process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        process.ErrorDataReceived += (_, line) => KeepError(line.Data);
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>e.g. <c>8.18.7</c>.</summary>
    public string LibraryVersion { get; private set; } = "";

    /// <summary>What the decoder last printed, on one line.</summary>
    public string LastErrors
    {
        get
        {
            lock (errors)
                return errors.ToString().TrimEnd().ReplaceLineEndings("; ");
        }
    }

    /// <summary>Starts a decoder and exchanges hellos.</summary>
    /// <param name="command">The program.</param>
    /// <param name="options">Limits, told in the hello.</param>
    /// <param name="library">The libvips that it is to load; null for its own choice.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DecoderStartException">It ended, or spoke another protocol, before it could do anything.</exception>
    public static async Task<DecoderProcess> StartAsync(
        DecoderCommand command, DecoderOptions options, string? library, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command.FileName)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        foreach (var argument in command.Arguments)
            start.ArgumentList.Add(argument);
        DecoderEnvironment.Apply(start.Environment);
        if (library is not null)
            start.Environment[VipsLibrary.Variable] = library;

        var decoder = new DecoderProcess(Process.Start(start) ?? throw new DecoderStartException($"{command.FileName} cannot be started."));
        try
        {
            await decoder.SendAsync(DecoderHello.Write(options.PixelLimit, options.ItemMemoryLimit), cancellationToken);
            var answer = await DecoderFrame.ReadOrNullAsync(decoder.output, cancellationToken).AsTask().WaitAsync(options.ItemTimeLimit, cancellationToken);
            decoder.LibraryVersion = DecoderHello.ReadAnswer(answer);
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
        await input.WriteAsync(frame.ToBytes(), cancellationToken);
        await input.FlushAsync(cancellationToken);
    }

    /// <returns>Null when the decoder is gone.</returns>
    public Task<DecoderFrame?> ReceiveAsync() => DecoderFrame.ReadOrNullAsync(output, CancellationToken.None).AsTask();

    /// <summary>Ends the process at once and waits until it is gone.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> KillAsync()
    {
        if (!process.HasExited)
            process.Kill();
        // Also waits until all that it printed has been read.
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    /// <summary>Ends the process: it is idle, or nobody wants its answers any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private void KeepError(string? line)
    {
        lock (errors)
        {
            errors.AppendLine(line);
            if (errors.Length > KeptErrorCharacters)
                errors.Remove(0, errors.Length - KeptErrorCharacters);
        }
    }
}
