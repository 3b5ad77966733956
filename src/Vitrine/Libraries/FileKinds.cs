using System.Collections.Frozen;

namespace Vitrine.Libraries;

/// <summary>Which file names are assets. The content decides later what a file really is.</summary>
public static class FileKinds
{
    private static readonly FrozenDictionary<string, AssetKind> s_byExtension = Build();

    private static readonly FrozenDictionary<string, AssetKind>.AlternateLookup<ReadOnlySpan<char>> s_lookup =
        s_byExtension.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Every extension that is taken in, with its dot, lower case, sorted.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. s_byExtension.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The kind of a file by its extension, whatever its case; null for files that are not assets.</summary>
    public static AssetKind? KindOrNull(ReadOnlySpan<char> fileName) =>
        s_lookup.TryGetValue(Path.GetExtension(fileName), out var kind) ? kind : null;

    private static FrozenDictionary<string, AssetKind> Build()
    {
        string[] images =
        [
            ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".avif", ".svg", ".heic", ".heif",
            ".jxl", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".pef", ".srw",
        ];
        string[] models = [".stl", ".obj", ".ply", ".glb", ".gltf", ".3mf"];
        return images.Select(extension => (extension, AssetKind.Image))
            .Concat(models.Select(extension => (extension, AssetKind.Model)))
            .ToFrozenDictionary(pair => pair.extension, pair => pair.Item2, StringComparer.OrdinalIgnoreCase);
    }
}
