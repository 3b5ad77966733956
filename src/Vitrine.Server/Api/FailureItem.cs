using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>A failed asset.</summary>
/// <param name="ReasonGroup">The reason without what differs from file to file.</param>
public sealed record FailureItem(
    long AssetId, string LibraryId, string Path, Stage Stage, string Reason, string ReasonGroup, int Attempts, DateTimeOffset FailedAt)
{
    internal static FailureItem Of(FailedAsset failed) => new(
        failed.AssetId, failed.LibraryId.ToString(), failed.Path, failed.Stage, failed.Reason, failed.ReasonGroup, failed.Attempts, failed.FailedAt);
}

/// <summary>Failed assets by library and id, and what the library's last scan did not take in.</summary>
public sealed record FailurePage(long Total, long Offset, IReadOnlyList<FailureItem> Items, IReadOnlyList<SkippedPath> Skipped);

/// <summary>Failures with one reason.</summary>
/// <param name="Reason">What their reasons have in common; the rest is "…".</param>
/// <param name="Example">The reason of one of them, in full.</param>
public sealed record FailureReasonItem(string Reason, long Count, string Example);

/// <summary>Failed assets by reason, the most frequent first; at most 200 reasons.</summary>
/// <param name="Total">Failed assets, those of reasons that are not listed included.</param>
public sealed record FailureReasonList(long Total, IReadOnlyList<FailureReasonItem> Items);
