using Vitrine.Storage;

namespace Vitrine.Indexing;

/// <summary>What a directory tells of a file's content.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedAt">Microseconds since 1970 UTC.</param>
internal readonly record struct FileStamp(long Size, long ModifiedAt)
{
    /// <summary>Of the file at the end of all links; null for one that is gone, or is no regular file.</summary>
    public static FileStamp? OfOrNull(string path) =>
        FileFacts.OfOrNull(path) is { Type: FileType.File } now ? new FileStamp(now.Size, now.ModifiedAt) : null;
}
