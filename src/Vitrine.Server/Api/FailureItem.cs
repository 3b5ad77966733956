using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>A failed asset.</summary>
/// <param name="Path">Below the library's folder.</param>
/// <param name="Stage">The work that failed.</param>
/// <param name="Reason">The class as a sentence.</param>
/// <param name="Details">What the decoder or the system said, at most 300 characters; null where it said nothing.</param>
public sealed record FailureItem(
    long AssetId, string LibraryId, string Path, Stage Stage, FailureClass Class, string Reason, string? Details, int Attempts, DateTimeOffset FailedAt)
{
    internal static FailureItem Of(FailedAsset failed) => new(
        failed.AssetId, failed.LibraryId.ToString(), failed.Path, failed.Stage, failed.Reason.Class, failed.Reason.Sentence, failed.Reason.Details,
        failed.Attempts, failed.FailedAt);
}

/// <summary>Failed assets by library and id, and what the library's last scan did not take in.</summary>
/// <param name="Total">Failed assets of the whole list.</param>
/// <param name="Skipped">All of them, on every page.</param>
public sealed record FailurePage(long Total, long Offset, IReadOnlyList<FailureItem> Items, IReadOnlyList<SkippedPath> Skipped);

/// <summary>Failures of one class.</summary>
/// <param name="Reason">The class as a sentence.</param>
/// <param name="Example">The details of one of them; null where it has none.</param>
public sealed record FailureReasonItem(FailureClass Class, string Reason, long Count, string? Example)
{
    internal static FailureReasonItem Of(FailureGroup group) => new(group.Class, FailureReason.SentenceOf(group.Class), group.Count, group.Example.Details);
}

/// <summary>Failed assets by class, the most frequent first.</summary>
/// <param name="Total">Failed assets.</param>
public sealed record FailureReasonList(long Total, IReadOnlyList<FailureReasonItem> Items);
