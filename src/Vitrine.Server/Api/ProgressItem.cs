using Vitrine.Progress;

namespace Vitrine.Server.Api;

/// <summary>A progress snapshot: the same for the socket, the event stream and polling. The five counts after the total add up to it.</summary>
/// <param name="Scanning">Whether files are still being found.</param>
/// <param name="Total">Assets that the work is about.</param>
/// <param name="Pending">Assets that are found and not read yet.</param>
/// <param name="Indexed">Assets that are read and have no vector yet.</param>
/// <param name="Embedding">Assets whose vectors are being made.</param>
/// <param name="Ready">Assets with which all is done.</param>
/// <param name="Failed">Assets that could not be read.</param>
/// <param name="RatePerSecond">Assets finished per second, of late; 0 where nothing moves.</param>
/// <param name="EtaSeconds">When all will be done; null when that is not known.</param>
/// <param name="Version">Only grows: of two snapshots the greater one is the later.</param>
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
