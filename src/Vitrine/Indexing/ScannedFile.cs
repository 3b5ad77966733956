using Vitrine.Libraries;

namespace Vitrine.Indexing;

/// <summary>A file as the directory shows it, unopened.</summary>
/// <param name="ModifiedAt">Microseconds since 1970 UTC, as it is stored.</param>
internal readonly record struct ScannedFile(string Name, AssetKind Kind, long Size, long ModifiedAt);
