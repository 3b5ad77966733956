using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>A failed asset.</summary>
public sealed record FailureItem(
    long AssetId, string LibraryId, string Path, Stage Stage, string Reason, int Attempts, DateTimeOffset FailedAt)
{
    internal static FailureItem Of(FailedAsset failed) => new(
        failed.AssetId, failed.LibraryId.ToString(), failed.Path, failed.Stage, failed.Reason, failed.Attempts, failed.FailedAt);
}

/// <summary>Failed assets by library and id, and what the library's last scan did not take in.</summary>
public sealed record FailurePage(long Total, long Offset, IReadOnlyList<FailureItem> Items, IReadOnlyList<SkippedPath> Skipped);
