namespace Vitrine.Progress;

/// <summary>The committed truth about one library or task group, as its rows say.</summary>
/// <param name="Cancelled">Of a task group; whether a library is cancelled follows from its groups.</param>
/// <param name="TaskGroupId">For a library its newest task group; 0 for a task group itself.</param>
public sealed record ScopeState(
    StatusCounts Counts, bool Scanning, bool Paused, bool Cancelled, long TaskGroupId, long Version, DateTimeOffset UpdatedAt)
{
    internal static ScopeState Empty { get; } = new(default, false, false, false, 0, -1, DateTimeOffset.UnixEpoch);
}
