using Spectre.Console;
using Spectre.Console.Rendering;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Progress;

/// <summary>
/// The one line of a terminal that is painted over: phase, bar and per cent in places that do not move, then the counts as far as they fit. Without
/// colours the bar is of ASCII letters.
/// </summary>
internal sealed class ProgressLine : ProgressColumn
{
    public const int BarWidth = 24;

    private const int PhaseWidth = 10;

    private volatile ProgressItem? _snapshot;

    protected override bool NoWrap => true;

    /// <summary>Is painted next.</summary>
    public void Show(ProgressItem snapshot) => _snapshot = snapshot;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        var snapshot = _snapshot;
        var phase = (snapshot is null ? "begins" : ProgressText.PhaseOf(snapshot)).PadRight(PhaseWidth);
        // How much there is is not known before the folder was walked.
        double? part = snapshot is null or { Scanning: true } ? null : ProgressText.PartDone(snapshot);
        var isPlain = options.ColorSystem == ColorSystem.NoColors || !options.Unicode;
        var (done, left) = Bar(part ?? 0, isPlain);
        return new Paragraph { Overflow = Overflow.Ellipsis }
            .Append(phase)
            .Append(done, isPlain ? Style.Plain : new Style(Color.Green))
            .Append(left, isPlain ? Style.Plain : new Style(Color.Grey))
            .Append(part is { } known ? $"{Math.Floor(known * 100),4:0}%  " : "       ")
            .Append(snapshot is null ? "" : ProgressText.Of(snapshot));
    }

    /// <summary>The two ends of a bar that always has the same width.</summary>
    /// <param name="part">0 to 1.</param>
    /// <param name="isPlain">Whether letters have to tell what colours would.</param>
    internal static (string Done, string Left) Bar(double part, bool isPlain)
    {
        var done = (int)(Math.Clamp(part, 0, 1) * BarWidth);
        return isPlain
            ? ($"[{new string('#', done)}", $"{new string('-', BarWidth - done)}]")
            : (new string('━', done), new string('━', BarWidth - done));
    }
}
