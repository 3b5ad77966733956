namespace Vitrine.Indexing;

/// <summary>Some of the files of one folder.</summary>
/// <param name="Folder">Relative to the root, with <c>/</c>; empty for the root.</param>
/// <param name="IsLast">Whether the folder has no more: what was known and did not come is gone.</param>
/// <param name="Sidecars">With the last ones: when each sidecar of the folder was modified, by name, in stored microseconds; null for none.</param>
internal sealed record ScannedFiles(string Folder, IReadOnlyList<ScannedFile> Files, bool IsLast, IReadOnlyDictionary<string, long>? Sidecars = null);
