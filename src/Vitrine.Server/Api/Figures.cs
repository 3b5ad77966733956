using Vitrine.Caching;
using Vitrine.Decoding;

namespace Vitrine.Server.Api;

/// <summary>Alive, and nothing more.</summary>
public sealed record Health(string Status);

/// <summary>Whether a feature can answer.</summary>
/// <param name="Ready">False while it loads and where it failed.</param>
/// <param name="Detail">What it is, what it waits for, or why it failed.</param>
public sealed record FeatureReadiness(string Name, bool Ready, FeatureState State, string? Detail)
{
    internal static FeatureReadiness Of(string name, FeatureState state, string? detail) => new(name, state == FeatureState.Ready, state, detail);
}

/// <summary>Whether Vitrine can answer: its database can be read and is the one that was opened, so that libraries can be browsed and searched.</summary>
public sealed record Readiness(bool Ready, IReadOnlyList<FeatureReadiness> Features);

/// <summary>Progress messages: changes that could have been sent, and messages that were; the rest was dropped as outdated.</summary>
public sealed record DeliveryFigures(long Offered, long Sent, long Dropped);

/// <summary>A cache at work.</summary>
/// <param name="Size">Entries.</param>
/// <param name="Generation">Grows by one with every swap.</param>
/// <param name="Hits">Reads that were answered at once.</param>
/// <param name="Misses">Reads that waited for the first build.</param>
/// <param name="IsLoading">Whether it is built, or is to be, while reads go on from what there is.</param>
public sealed record CacheFigures(
    string Name, long Size, long Generation, long Hits, long Misses, bool IsLoading, DateTimeOffset? LastRebuildAt, double LastRebuildSeconds)
{
    internal static CacheFigures Of(SnapshotStatistics statistics) => new(
        statistics.Name, statistics.Size, statistics.Generation, statistics.Hits, statistics.Misses, statistics.IsLoading,
        statistics.LastRebuildAt, Math.Round(statistics.LastRebuild.TotalSeconds, 6));
}

/// <summary>What waits: assets for each stage, over all libraries, and requests for a decoder.</summary>
public sealed record QueueFigures(long Metadata, long Embedding, int Decoders);

/// <summary>The embedded database's files; 0 where there are none.</summary>
/// <param name="LogBytes">What was written and not yet put into the main file.</param>
public sealed record DatabaseFigures(long Bytes, long LogBytes);

/// <summary>Figures of this process.</summary>
public sealed record Statistics(
    double UptimeSeconds,
    long MemoryBytes,
    long Libraries,
    long Assets,
    int VectorsLoaded,
    QueueFigures Queues,
    DatabaseFigures Database,
    DecoderStatistics Decoders,
    DeliveryFigures ProgressDelivery,
    IReadOnlyList<CacheFigures> Caches);
