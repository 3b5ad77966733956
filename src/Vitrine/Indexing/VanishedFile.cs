namespace Vitrine.Indexing;

/// <summary>A known file that a scan did not meet: it was moved, or it is gone.</summary>
/// <param name="ModifiedAt">Microseconds since 1970 UTC, as it is stored.</param>
internal readonly record struct VanishedFile(long AssetId, string Name, long Size, long ModifiedAt)
{
    /// <summary>What a move never changes.</summary>
    public FileStamp Stamp => new(Size, ModifiedAt);
}
