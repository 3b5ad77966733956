namespace Vitrine.Libraries;

/// <summary>Which order of which library.</summary>
/// <param name="Seed">0 unless the sort is random.</param>
/// <param name="Query">See <see cref="AssetFilter"/>; empty for everything.</param>
internal readonly record struct BrowseKey(long LibraryId, AssetSort Sort, long Seed, string Query)
{
    /// <summary>The cache's name in figures and announcements; the screen makes the same.</summary>
    public override string ToString()
    {
        var sort = Sort.ToString().ToLowerInvariant() + (Sort == AssetSort.Random ? $" {Seed}" : "");
        return $"browse {LibraryId} {sort} {Query}".TrimEnd();
    }
}
