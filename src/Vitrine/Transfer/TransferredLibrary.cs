namespace Vitrine.Transfer;

/// <summary>A library that is in the target, checked.</summary>
/// <param name="LibraryId">Its id there.</param>
/// <param name="WasThere">Whether an earlier run had finished it: then nothing was left to do.</param>
/// <param name="HasChanged">Whether the source has changed since that run; the changes are not in the target.</param>
/// <param name="WentOn">Assets that an earlier, unfinished run had copied already.</param>
/// <param name="Rows">Rows per table as both sides have them; empty where nothing was left to do.</param>
/// <param name="Statuses">Assets per status, in the order of <see cref="Progress.AssetStatus"/>; empty where nothing was left to do.</param>
/// <param name="Categories">Tags that keep the category that they had in the target; it differs from the source's.</param>
public sealed record TransferredLibrary(
    SourceLibrary Source,
    long LibraryId,
    bool WasThere,
    bool HasChanged,
    long WentOn,
    IReadOnlyDictionary<string, long> Rows,
    IReadOnlyList<long> Statuses,
    IReadOnlyList<string> Categories);
