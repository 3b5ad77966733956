namespace Vitrine.Indexing;

/// <summary>A folder to read: no link leads to it, so that each folder is met once.</summary>
/// <param name="Path">Relative to the root, as it is stored.</param>
/// <param name="FullPath">As it is opened.</param>
/// <param name="Device">Which device it lies on; another one than its parent's is a mount.</param>
/// <param name="IsDeep">Whether what is below it is read too.</param>
internal sealed record ScanFolder(string Path, string FullPath, ulong Device, bool IsDeep = true);
