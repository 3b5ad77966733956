namespace Vitrine.Indexing;

/// <summary>An asset whose file has the size and the time that are known, but was touched.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="Sha256">Of the content that is known; null for one that was never read.</param>
internal readonly record struct TouchedAsset(long AssetId, string Path, FileStamp Stamp, byte[]? Sha256);
