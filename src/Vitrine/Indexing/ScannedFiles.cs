namespace Vitrine.Indexing;

/// <summary>Some of the files of one folder.</summary>
/// <param name="Folder">Relative to the root, with <c>/</c>; empty for the root.</param>
/// <param name="IsLast">Whether the folder has no more: what was known and did not come is gone.</param>
/// <param name="Sidecars">With the last ones: the <see cref="SidecarStamp"/> of each sidecar of the folder, by name; null for none.</param>
internal sealed record ScannedFiles(string Folder, IReadOnlyList<ScannedFile> Files, bool IsLast, IReadOnlyDictionary<string, long>? Sidecars = null);
