namespace Vitrine.Caching;

/// <summary>What every cache of the process shares: where rebuilds run, who is told of swaps, what time it is.</summary>
public sealed record SnapshotUpkeep(SnapshotRebuilder Rebuilder, Announcements Announcements, TimeProvider Time);
