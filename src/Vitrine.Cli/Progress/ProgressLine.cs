using Spectre.Console;
using Spectre.Console.Rendering;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Progress;

/// <summary>
/// The one line of a terminal that is painted over: phase, bar and per cent in places that do not move, then the counts as far as they fit. Without
/// colours the bar is of ASCII letters, and on a narrow terminal it is short.
/// </summary>
internal sealed class ProgressLine : ProgressColumn
{
    public const int BarWidth = 24;

    private volatile ProgressItem? _snapshot;

    protected override bool NoWrap => true;

    /// <summary>Is painted next.</summary>
    public void Show(ProgressItem snapshot) => _snapshot = snapshot;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new ProgressRow(_snapshot);

    /// <summary>The two ends of a bar that always has the same width.</summary>
    /// <param name="part">0 to 1.</param>
    /// <param name="isPlain">Whether letters have to tell what colours would.</param>
    /// <param name="width">Without its brackets, where there are any.</param>
    internal static (string Done, string Left) Bar(double part, bool isPlain, int width = BarWidth)
    {
        var done = (int)(Math.Clamp(part, 0, 1) * width);
        return isPlain
            ? ($"[{new string('#', done)}", $"{new string('-', width - done)}]")
            : (new string('━', done), new string('━', width - done));
    }
}
