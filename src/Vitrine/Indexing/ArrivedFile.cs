namespace Vitrine.Indexing;

/// <summary>An asset that is new since the last scan that settled what vanished: perhaps a known file in its new place.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="Sha256">Null until it was read.</param>
internal sealed record ArrivedFile(long AssetId, string Path, string Name, FileStamp Stamp, byte[]? Sha256);
