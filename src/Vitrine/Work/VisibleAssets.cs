namespace Vitrine.Work;

/// <summary>What people look at right now, newest report first: claimed before everything else, in every stage.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class VisibleAssets(WorkSignal signal)
{
    /// <summary>More than fit on any screen; older reports fall off.</summary>
    public const int Capacity = 500;

    private volatile Report _latest = new([], 0);

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
    public void Seen(IReadOnlyList<long> assetIds)
    {
        Report before, next;
        do
        {
            before = _latest;
            next = new Report([.. assetIds.Concat(before.Ids).Distinct().Take(Capacity)], before.Version + 1);
        }
        while (Interlocked.CompareExchange(ref _latest, next, before) != before);
        signal.Pulse();
    }

    private sealed record Report(IReadOnlyList<long> Ids, long Version);
}
