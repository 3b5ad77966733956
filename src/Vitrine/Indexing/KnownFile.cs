namespace Vitrine.Indexing;

/// <summary>A file as the tables know it.</summary>
/// <param name="ChangedAt">As in <see cref="Storage.FileFacts"/>; 0 where it is not known.</param>
internal readonly record struct KnownFile(long AssetId, FileStamp Stamp, long ChangedAt);
