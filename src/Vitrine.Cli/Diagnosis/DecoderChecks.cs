using System.Text.Json;
using Vitrine.Cli.Output;
using Vitrine.Decoding;

namespace Vitrine.Cli.Diagnosis;

/// <summary>Decoder processes and what they read.</summary>
internal static class DecoderChecks
{
    /// <summary>The formats that Vitrine promises to read anywhere.</summary>
    private static readonly string[] s_promised = ["JPEG", "PNG", "WebP", "GIF", "TIFF", "BMP", "AVIF", "SVG"];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<Check>> AllAsync(DecoderOptions options, CancellationToken cancellationToken) =>
        [await FormatsAsync(cancellationToken), .. await RenderAsync(options, cancellationToken)];

    private static async Task<Check> FormatsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (exitCode, output, errors) = await ChildProgram.RunAsync(["formats"], s_patience, cancellationToken);
            return exitCode == ExitCode.Done
                ? Judge(JsonSerializer.Deserialize(output, CliJson.Default.ReadableFormats)!)
                : Check.Problem("libvips", errors);
        }
        catch (TimeoutException exception)
        {
            return Check.Problem("libvips", exception.Message);
        }
    }

    private static Check Judge(ReadableFormats formats)
    {
        var detail = $"{formats.Version}, {formats.Library}; reads {string.Join(", ", formats.Readable)}";
        if (formats.NotReadable.Count > 0)
            detail += $"; not {string.Join(", ", formats.NotReadable)}";
        return s_promised.Except(formats.Readable).ToList() is { Count: > 0 } missing
            ? Check.Warning("libvips", $"{detail}. {string.Join(", ", missing)} should be readable: name another libvips with VITRINE_LIBVIPS.")
            : Check.Ok("libvips", detail);
    }

    /// <summary>Sends a picture all the way through a decoder process, which also says what holds it back.</summary>
    private static async Task<IReadOnlyList<Check>> RenderAsync(DecoderOptions options, CancellationToken cancellationToken)
    {
        var file = Path.Join(Path.GetTempPath(), $"vitrine-doctor-{Environment.ProcessId}.svg");
        await File.WriteAllTextAsync(file, """<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"><rect width="64" height="48" fill="#36c"/></svg>""", cancellationToken);
        try
        {
            await using var pool = new DecoderPool(options with { Processes = 1 });
            var began = TimeProvider.System.GetTimestamp();
            var result = await pool.RenderAsync(new RenderRequest(file, 64), cancellationToken);
            return
            [
                result.Failure is null
                    ? Check.Ok("decoder", $"started and answered in {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:N0} ms")
                    : Check.Problem("decoder", result.Failure.Reason),
                ConfinementCheck.Judge(pool.ConfinementOrNull!),
            ];
        }
        catch (DecoderCrashedException exception)
        {
            return [Check.Problem("decoder", exception.Message)];
        }
        finally
        {
            File.Delete(file);
        }
    }
}
