namespace Vitrine.Caching;

/// <summary>Figures of one cached snapshot.</summary>
/// <param name="Size">Entries.</param>
/// <param name="Generation">Grows by one with every rebuild.</param>
/// <param name="Reads">Since it was made.</param>
/// <param name="Stale">Whether something changed since it was built.</param>
/// <param name="LastBuild">How long the last build took.</param>
public sealed record SnapshotStatistics(string Name, long Size, long Generation, long Reads, bool Stale, TimeSpan LastBuild);
