using Vitrine.Progress;

namespace Vitrine.Work;

/// <summary>An asset that failed, and why.</summary>
/// <param name="Path">Relative to the library's root.</param>
/// <param name="Stage">Where a retry takes it up again.</param>
/// <param name="Attempts">How often that stage was tried.</param>
public sealed record FailedAsset(
    long AssetId, long LibraryId, string Path, Stage Stage, FailureReason Reason, int Attempts, DateTimeOffset FailedAt);
