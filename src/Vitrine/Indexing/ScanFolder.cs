using System.Collections.Immutable;

namespace Vitrine.Indexing;

/// <summary>A folder to read.</summary>
/// <param name="Path">Relative to the root, as it is stored.</param>
/// <param name="FullPath">As it is opened.</param>
/// <param name="RealPath">Links resolved; the same as <paramref name="FullPath"/> unless a link was followed.</param>
/// <param name="Followed">Real paths of the folders on the way that hold followed links: one of them again is a loop.</param>
/// <param name="IsDeep">Whether what is below it is read too.</param>
internal sealed record ScanFolder(string Path, string FullPath, string RealPath, ImmutableList<string> Followed, bool IsDeep = true);
