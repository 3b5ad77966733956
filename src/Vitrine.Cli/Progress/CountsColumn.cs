using Spectre.Console;
using Spectre.Console.Rendering;

namespace Vitrine.Cli.Progress;

/// <summary>Counts, rate and time left beside the bar, as the server counts them.</summary>
internal sealed class CountsColumn : ProgressColumn
{
    public const string Key = "counts";

    /// <summary>The bar keeps only value types.</summary>
    public readonly record struct Counts(string? Text);

    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(task.State.Get<Counts>(Key).Text ?? "", Style.Plain).Overflow(Overflow.Ellipsis);
}
