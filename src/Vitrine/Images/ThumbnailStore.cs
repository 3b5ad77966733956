namespace Vitrine.Images;

/// <summary>
/// Derived pictures by content: <c>thumbnails/ab/cd/&lt;sha256&gt;.webp</c> and the same under <c>previews</c>. Written to a temporary
/// name, then renamed: a name that exists is whole, and writing it twice is harmless.
/// </summary>
/// <remarks>Thread-safe, also over processes.</remarks>
public sealed class ThumbnailStore
{
    private readonly string _folder;
    private readonly string _temporary;

    /// <param name="folder">Made when it is missing; left-over temporary files of a stopped process are removed.</param>
    public ThumbnailStore(string folder)
    {
        _folder = folder;
        _temporary = Path.Join(folder, "tmp");
        if (Directory.Exists(_temporary))
            Directory.Delete(_temporary, recursive: true);
        Directory.CreateDirectory(_temporary);
    }

    public string ThumbnailPath(byte[] sha256) => PathOf("thumbnails", sha256);

    public string PreviewPath(byte[] sha256) => PathOf("previews", sha256);

    /// <summary>Keeps a derived picture at <paramref name="path"/>, which one of the two methods above gave.</summary>
    /// <exception cref="IOException">The disk is full or cannot be written; nothing is left behind.</exception>
    public async Task WriteAsync(string path, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken)
    {
        var temporary = Path.Join(_temporary, $"{Path.GetFileNameWithoutExtension(path)}.{Guid.CreateVersion7():N}");
        try
        {
            await File.WriteAllBytesAsync(temporary, picture, cancellationToken);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private string PathOf(string kind, byte[] sha256)
    {
        var name = Convert.ToHexStringLower(sha256);
        return Path.Join(_folder, kind, name[..2], name[2..4], $"{name}.webp");
    }
}
