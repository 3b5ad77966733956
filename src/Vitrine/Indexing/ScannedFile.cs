using Vitrine.Libraries;

namespace Vitrine.Indexing;

/// <summary>A file as the directory shows it, unopened.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedAt">As in <see cref="Storage.FileFacts"/>.</param>
/// <param name="ChangedAt">As in <see cref="Storage.FileFacts"/>; 0 where it is not known.</param>
internal readonly record struct ScannedFile(string Name, AssetKind Kind, long Size, long ModifiedAt, long ChangedAt = 0)
{
    public FileStamp Stamp => new(Size, ModifiedAt);
}
