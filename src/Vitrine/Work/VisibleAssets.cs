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

    private volatile Wanted _latest = new([], [], 0);

    /// <summary>Hears what people of this process look at or ask for, for the other processes; on the caller's thread.</summary>
    public event Action<WantedAssets>? Reported;

    /// <summary>The ids, most wanted first, and a number that grows with every report.</summary>
    public (IReadOnlyList<long> Ids, long Version) Current
    {
        get
        {
            var wanted = _latest; // read once: ids and number belong together
            return (wanted.Ids, wanted.Version);
        }
    }

    /// <param name="assetIds">The window of one person, in the order they read.</param>
    public void Seen(IReadOnlyList<long> assetIds) => Report(new WantedAssets(assetIds, AreVisible: true));

    /// <summary>What could not be claimed before may be claimable now, such as the work of a library that is resumed: it counts like a new report.</summary>
    public void LookAgain() => Change(before => before);

    /// <param name="assetIds">What a person asked for: after what is on a screen, before the rest.</param>
    public void Ask(IReadOnlyList<long> assetIds) => Report(new WantedAssets(assetIds, AreVisible: false));

    /// <summary>What a person of another process looks at or asks for.</summary>
    public void WantElsewhere(WantedAssets wanted) => Change(before => wanted.AreVisible
        ? before with { Visible = [.. wanted.AssetIds.Concat(before.Visible).Distinct().Take(Capacity)] }
        : before with { Requested = [.. wanted.AssetIds.Concat(before.Requested).Distinct().Take(RequestCapacity)] });

    private void Report(WantedAssets wanted)
    {
        WantElsewhere(wanted);
        Reported?.Invoke(wanted);
    }

    private void Change(Func<Wanted, Wanted> change)
    {
        Wanted before, next;
        do
        {
            before = _latest;
            next = change(before) with { Version = before.Version + 1 };
        }
        while (Interlocked.CompareExchange(ref _latest, next, before) != before);
        signal.Pulse();
    }

    private sealed record Wanted(IReadOnlyList<long> Visible, IReadOnlyList<long> Requested, long Version)
    {
        public IReadOnlyList<long> Ids => [.. Visible.Concat(Requested).Distinct()];
    }
}
