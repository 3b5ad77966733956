using Vitrine.Libraries;
using Vitrine.Progress;

namespace Vitrine.Work;

/// <summary>The right to do one stage of one asset. It holds while the owner's lease does and nobody took it back.</summary>
/// <param name="Status">As it is during the work: pending for metadata, embedding for embedding.</param>
/// <param name="TaskGroupId">At the claim; a scan that begins meanwhile may move the asset to its own.</param>
/// <param name="Number">Grows with every claim of the asset; with the owner it is the fence of every completion.</param>
/// <param name="Attempt">At this stage, 1 for the first.</param>
/// <param name="Root">The library's folder.</param>
/// <param name="Path">Relative to the library's root.</param>
/// <param name="Visible">Whether it was claimed because somebody looks at it.</param>
public sealed record Claim(
    long AssetId,
    long LibraryId,
    long TaskGroupId,
    long Owner,
    long Number,
    int Attempt,
    AssetStatus Status,
    AssetKind Kind,
    string Root,
    string Path,
    byte[]? Sha256,
    bool HasThumbnail,
    bool Visible);
