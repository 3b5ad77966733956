using System.Text;

namespace Vitrine.Storage;

/// <summary>
/// <c>CACHEDIR.TAG</c>, by which a folder says that it holds what a program can make anew, so that others pass it over
/// (bford.info/cachedir). A folder of thumbnails that lies elsewhere than in the data folder has one: no thumbnail is ever taken for a picture.
/// </summary>
public static class CacheTag
{
    public const string Name = "CACHEDIR.TAG";

    private static readonly byte[] s_signature = Encoding.ASCII.GetBytes("Signature: 8a477f597d28d172789f06886806bc55");

    /// <summary>Whether the folder says so. One that cannot be asked does not.</summary>
    public static bool IsIn(string folder)
    {
        if (FileFacts.OfOrNull(folder, Name, followsLinks: true) is not { Type: FileType.File })
            return false;
        try
        {
            using var file = FencedFile.Open(Path.Join(folder, Name), fence: null);
            Span<byte> head = stackalloc byte[s_signature.Length];
            return RandomAccess.Read(file, head, 0) == head.Length && head.SequenceEqual(s_signature);
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return false;
        }
    }

    /// <summary>Marks a folder, where it holds no file of that name.</summary>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public static void Write(string folder)
    {
        if (FileFacts.OfOrNull(folder, Name, followsLinks: false) is null)
            File.WriteAllBytes(Path.Join(folder, Name), [.. s_signature, .. "\n# Made by Vitrine: pictures in this folder are its own, and can be made anew.\n"u8]);
    }
}
