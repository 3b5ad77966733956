namespace Vitrine.Indexing;

/// <summary>What a directory tells of a file's content.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedAt">Microseconds since 1970 UTC.</param>
internal readonly record struct FileStamp(long Size, long ModifiedAt);
