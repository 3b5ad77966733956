using Spectre.Console;
using Spectre.Console.Rendering;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Progress;

/// <summary>What <see cref="ProgressLine"/> shows of one snapshot: always one row of the terminal, however narrow it is. What does not fit is left out.</summary>
/// <param name="snapshot">Null before the first.</param>
internal sealed class ProgressRow(ProgressItem? snapshot) : Renderable
{
    private const int PhaseWidth = 10;

    /// <summary>Below this width the bar is short, so that there is room for the counts.</summary>
    private const int RoomForTheBar = 72;

    private const int NarrowBarWidth = 10;

    protected override Measurement Measure(RenderOptions options, int maxWidth)
    {
        var width = Render(options, maxWidth).Sum(segment => segment.Text.Length);
        return new Measurement(width, width);
    }

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        // How much there is is not known before the folder was walked.
        double? part = snapshot is null or { Scanning: true } ? null : ProgressText.PartDone(snapshot);
        var isPlain = options.ColorSystem == ColorSystem.NoColors || !options.Unicode;
        var (done, left) = ProgressLine.Bar(part ?? 0, isPlain, maxWidth < RoomForTheBar ? NarrowBarWidth : ProgressLine.BarWidth);
        List<(string Text, Style Style)> pieces =
        [
            ((snapshot is null ? "begins" : ProgressText.PhaseOf(snapshot)).PadRight(PhaseWidth), Style.Plain),
            (done, isPlain ? Style.Plain : new Style(Color.Green)),
            (left, isPlain ? Style.Plain : new Style(Color.Grey)),
            (part is { } known ? $"{Math.Floor(known * 100),4:0}%  " : "       ", Style.Plain),
        ];
        if (snapshot is not null)
            pieces.Add((ProgressText.Of(snapshot, maxWidth - pieces.Sum(piece => piece.Text.Length)), Style.Plain));

        var room = Math.Max(0, maxWidth);
        foreach (var (text, style) in pieces)
        {
            var shown = text[..Math.Min(text.Length, room)];
            room -= shown.Length;
            if (shown.Length > 0)
                yield return new Segment(shown, style);
        }
    }
}
