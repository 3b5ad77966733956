namespace Vitrine.Caching;

/// <summary>Figures of one cache.</summary>
/// <param name="Size">Entries.</param>
/// <param name="Generation">Grows by one with every swap; 0 before the first.</param>
/// <param name="Hits">Reads that were answered at once.</param>
/// <param name="Misses">Reads that had to wait for the first build.</param>
/// <param name="IsLoading">Whether a build runs now or is asked for.</param>
/// <param name="LastRebuildAt">When the last build ended, UTC; null before the first.</param>
/// <param name="LastRebuild">How long it took.</param>
public sealed record SnapshotStatistics(
    string Name, long Size, long Generation, long Hits, long Misses, bool IsLoading, DateTimeOffset? LastRebuildAt, TimeSpan LastRebuild);
