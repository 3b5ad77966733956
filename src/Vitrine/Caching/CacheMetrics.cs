using System.Diagnostics.Metrics;

namespace Vitrine.Caching;

/// <summary>What the caches tell of themselves.</summary>
internal static class CacheMetrics
{
    /// <param name="statistics">Of all caches at the moment it is called.</param>
    public static void Observe(Meter meter, Func<IEnumerable<SnapshotStatistics>> statistics)
    {
        meter.CreateObservableGauge("vitrine.cache.entries", () => Each(statistics, cache => cache.Size), "{entry}", "Entries of a cache.");
        meter.CreateObservableCounter("vitrine.cache.hits", () => Each(statistics, cache => cache.Hits), "{read}", "Reads of a cache that were answered at once.");
        meter.CreateObservableCounter("vitrine.cache.misses", () => Each(statistics, cache => cache.Misses), "{read}", "Reads of a cache that had to wait for its first build.");
        meter.CreateObservableCounter("vitrine.cache.generations", () => Each(statistics, cache => cache.Generation), "{build}", "How often a cache was built.");
        meter.CreateObservableGauge("vitrine.cache.build.duration", () => Each(statistics, cache => cache.LastRebuild.TotalSeconds), "s", "How long its last build took.");
    }

    private static IEnumerable<Measurement<T>> Each<T>(Func<IEnumerable<SnapshotStatistics>> statistics, Func<SnapshotStatistics, T> value)
        where T : struct =>
        [.. statistics().Select(cache => new Measurement<T>(value(cache), VitrineMeter.Tag("cache", cache.Name)))];
}
