namespace Vitrine.Indexing.Watching;

/// <summary>How long changes are waited for.</summary>
/// <param name="Quiet">Without any change, before what changed is looked at.</param>
/// <param name="Stable">That a file's size and time must stay the same.</param>
/// <param name="Patience">While changes keep coming, until new files are taken in all the same; doubles each time.</param>
internal readonly record struct WatchTiming(TimeSpan Quiet, TimeSpan Stable, TimeSpan Patience)
{
    public static WatchTiming Usual { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5));
}
