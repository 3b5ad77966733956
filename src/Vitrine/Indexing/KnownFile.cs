namespace Vitrine.Indexing;

/// <summary>A file as the tables know it.</summary>
internal readonly record struct KnownFile(long AssetId, long Size, long ModifiedAt);
