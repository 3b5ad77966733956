namespace Vitrine.Work;

/// <summary>
/// What people wait for: what they look at right now, newest report first, then what they asked for one by one (opened, retried).
/// Claimed before everything else, in every stage.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class VisibleAssets(WorkSignal signal)
{
    /// <summary>More than fit on any screen; older reports fall off.</summary>
    public const int Capacity = 500;

    /// <summary>Older requests fall off: they are work like any other then.</summary>
    public const int RequestCapacity = 100;

    private volatile Report _latest = new([], [], 0);

    /// <summary>The ids, most wanted first, and a number that grows with every report.</summary>
    public (IReadOnlyList<long> Ids, long Version) Current
    {
        get
        {
            var report = _latest; // read once: ids and number belong together
            return (report.Ids, report.Version);
        }
    }

    /// <param name="assetIds">The window of one person, in the order they read.</param>
    public void Seen(IReadOnlyList<long> assetIds) =>
        Change(before => before with { Visible = [.. assetIds.Concat(before.Visible).Distinct().Take(Capacity)] });

    /// <param name="assetIds">What a person asked for: after what is on a screen, before the rest.</param>
    public void Ask(IReadOnlyList<long> assetIds) =>
        Change(before => before with { Requested = [.. assetIds.Concat(before.Requested).Distinct().Take(RequestCapacity)] });

    private void Change(Func<Report, Report> change)
    {
        Report before, next;
        do
        {
            before = _latest;
            next = change(before) with { Version = before.Version + 1 };
        }
        while (Interlocked.CompareExchange(ref _latest, next, before) != before);
        signal.Pulse();
    }

    private sealed record Report(IReadOnlyList<long> Visible, IReadOnlyList<long> Requested, long Version)
    {
        public IReadOnlyList<long> Ids => [.. Visible.Concat(Requested).Distinct()];
    }
}
