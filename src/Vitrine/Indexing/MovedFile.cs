namespace Vitrine.Indexing;

/// <summary>A known asset and the new row that is the same file in its new place.</summary>
internal readonly record struct MovedFile(long AssetId, long ArrivedAs);
