namespace Vitrine.Embeddings;

/// <summary>What looks like an asset, within its library.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class SimilarAssets(EmbeddingStore store, IVectorSearch search)
{
    /// <summary>
    /// The assets nearest to one, nearest first, without itself; and how many vectors they were chosen from: not all, where they are still
    /// being read after a moment of waiting.
    /// </summary>
    /// <returns>No neighbours when the asset has no vector yet.</returns>
    /// <exception cref="Storage.DatabaseUnavailableException">The vectors cannot be read; the next question tries again.</exception>
    public async Task<(IReadOnlyList<Neighbour> Neighbours, int Compared)> FindAsync(
        long libraryId, long assetId, int count, CancellationToken cancellationToken)
    {
        // Without a vector nothing is near, but how many others have one is answered all the same.
        var vector = store.FindOrNull(assetId);
        var (nearest, compared) = await search.NearestAsync(
            libraryId, vector ?? new float[store.Space.Dimensions], vector is null ? 0 : count + 1, cancellationToken);
        return ([.. nearest.Where(neighbour => neighbour.AssetId != assetId).Take(count)], compared);
    }
}
