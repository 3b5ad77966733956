using Vitrine.Progress;

namespace Vitrine.Server.Api;

/// <summary>A progress snapshot on the wire: the same for the socket, the event stream and polling.</summary>
public sealed record ProgressItem(
    string LibraryId,
    string TaskGroupId,
    ProgressPhase Phase,
    ProgressStatus Status,
    bool Scanning,
    long Total,
    long Pending,
    long Indexed,
    long Embedding,
    long Ready,
    long Failed,
    double RatePerSecond,
    double? EtaSeconds,
    long Version,
    DateTimeOffset UpdatedAt)
{
    internal static ProgressItem Of(ProgressSnapshot snapshot) => new(
        snapshot.LibraryId.ToString(),
        snapshot.TaskGroupId.ToString(),
        snapshot.Phase,
        snapshot.Status,
        snapshot.Scanning,
        snapshot.Counts.Total,
        snapshot.Counts.Pending,
        snapshot.Counts.Indexed,
        snapshot.Counts.Embedding,
        snapshot.Counts.Ready,
        snapshot.Counts.Failed,
        Math.Round(snapshot.RatePerSecond, 1),
        snapshot.EtaSeconds is { } eta ? Math.Round(eta, 1) : null,
        snapshot.Version,
        snapshot.UpdatedAt);
}
