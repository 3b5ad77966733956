namespace Vitrine.Transfer;

/// <summary>How far the move of a library is, as the target's table <c>transfers</c> says.</summary>
/// <param name="LibraryId">The id that the library has in the target, or will have.</param>
/// <param name="SourceId">Its id in the source.</param>
/// <param name="SourceVersion">Of its counters there when the move began.</param>
/// <param name="FolderShift">What is added to a folder's id.</param>
/// <param name="AssetShift">What is added to an asset's id.</param>
/// <param name="CopiedTo">Assets up to this id of the source are there, with all that belongs to them.</param>
/// <param name="Assets">How many these are.</param>
/// <param name="Differs">Whether a check found differences: then the next run starts over.</param>
/// <param name="IsFinished">Whether the library is complete and visible.</param>
internal sealed record TransferEntry(
    long LibraryId, long SourceId, long SourceVersion, long FolderShift, long AssetShift, long CopiedTo, long Assets, bool Differs, bool IsFinished)
{
    /// <summary>What is added to the id of a library or task group.</summary>
    public long ScopeShift => LibraryId - SourceId;
}
