namespace Vitrine.Images.Metadata;

/// <summary>Where programs put the XMP file that belongs to a picture.</summary>
public static class SidecarPaths
{
    /// <summary>Whether a file of this name belongs to a picture.</summary>
    public static bool IsSidecar(ReadOnlySpan<char> name) => name.EndsWith(".xmp", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Candidates in the order to try them; the first that exists is the sidecar. The full name comes first
    /// (<c>a.jpg.xmp</c>: darktable, digiKam), because the short one (<c>a.xmp</c>: Lightroom) may belong to <c>a.cr2</c> beside <c>a.jpg</c>.
    /// </summary>
    /// <param name="picturePath">With its extension; relative or absolute. Nothing is looked up on the disk.</param>
    public static IReadOnlyList<string> For(string picturePath)
    {
        ArgumentException.ThrowIfNullOrEmpty(picturePath);
        var extension = Path.GetExtension(picturePath);
        if (extension.Length == 0)
            return [picturePath + ".xmp", picturePath + ".XMP"];
        var stem = picturePath[..^extension.Length];
        return [picturePath + ".xmp", picturePath + ".XMP", stem + ".xmp", stem + ".XMP"];
    }
}
