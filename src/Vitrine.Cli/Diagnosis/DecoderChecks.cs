using System.Text.Json;
using Vitrine.Cli.Output;
using Vitrine.Decoding;
using Vitrine.Images.Magick;
using Vitrine.Images.Vips;

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
        var (first, trouble) = await LookAsync(library: null, cancellationToken);
        if (first is null)
            return Check.Problem("libvips", trouble);
        // As the decoders have it: what the bundled one does not read is given to one with the system's, where there is one.
        var second = first.Library == VipsLibrary.FindBundledOrNull() ? (await LookAsync((VipsLibrary.Variable, VipsLibrary.SystemName), cancellationToken)).Formats : null;
        var magick = MagickLibrary.IsInstalled ? (await LookAsync((MagickLibrary.Variable, MagickLibrary.Name), cancellationToken)).Formats : null;
        return Judge(first, second, magick);
    }

    private static async Task<(ReadableFormats? Formats, string Trouble)> LookAsync((string Variable, string Name)? library, CancellationToken cancellationToken)
    {
        try
        {
            var (exitCode, output, errors) = await ChildProgram.RunAsync(["formats"], s_patience, cancellationToken, library);
            return exitCode == ExitCode.Done ? (JsonSerializer.Deserialize(output, CliJson.Default.ReadableFormats), "") : (null, errors);
        }
        catch (TimeoutException exception)
        {
            return (null, exception.Message);
        }
    }

    /// <param name="first">What decoders load.</param>
    /// <param name="second">The system's, beside a bundled one; null where there is none.</param>
    /// <param name="magick">ImageMagick, which is asked last; null where there is none.</param>
    internal static Check Judge(ReadableFormats first, ReadableFormats? second, ReadableFormats? magick)
    {
        var more = second?.Readable.Except(first.Readable).ToList() ?? [];
        var last = magick?.Readable.Except(first.Readable).Except(more).ToList() ?? [];
        var missing = first.NotReadable.Except(more).Except(last).ToList();
        var detail = $"reads {string.Join(", ", first.Readable)} by libvips {first.Version} ({first.Library})";
        if (second is not null && more.Count > 0)
            detail += $"; {string.Join(", ", more)} by the system's libvips {second.Version} ({second.Library})";
        if (magick is not null && last.Count > 0)
            detail += $"; {string.Join(", ", last)} by ImageMagick {magick.Version}";
        if (missing.Count > 0)
            detail += $"; not {string.Join(", ", missing)}";
        return s_promised.Intersect(missing).ToList() is { Count: > 0 } promised
            ? Check.Warning("libvips", $"{detail}. {string.Join(", ", promised)} should be readable: name another libvips with VITRINE_LIBVIPS.")
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
