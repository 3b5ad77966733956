using System.Security.Cryptography;
using Vitrine.Storage;

namespace Vitrine.Indexing;

/// <summary>What a library's file holds, told by its SHA-256.</summary>
internal static class FileContent
{
    /// <summary>Reads the whole file.</summary>
    /// <param name="root">Of the library, links resolved.</param>
    /// <param name="path">Relative to the root.</param>
    /// <param name="stamp">What it must look like at the end.</param>
    /// <returns>Null for a file that cannot be read, or that has changed meanwhile: whoever reads it next finds out more.</returns>
    public static async Task<byte[]?> Sha256OrNullAsync(string root, string path, FileStamp stamp, CancellationToken cancellationToken)
    {
        try
        {
            using var file = FencedFile.Open(Path.Join(root, path), root, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await using var stream = new FileStream(file, FileAccess.Read, bufferSize: 128 << 10, isAsync: true);
            var content = await SHA256.HashDataAsync(stream, cancellationToken);
            var now = FileFacts.Of(file);
            return stamp == new FileStamp(now.Size, now.ModifiedAt) ? content : null;
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return null;
        }
    }
}
