using Vitrine.Embeddings;
using Vitrine.Images;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>
/// Vectors that phase 2 makes of the pixels it has decoded, where the embedder is quick enough: the asset is ready without its thumbnail being
/// decoded a second time, which took a fifth of a decoder's time (docs/benchmarks.md). A process that leaves phase 3 to others leaves vectors to
/// them too. Thread-safe.
/// </summary>
internal sealed class EarlyVectors(IEmbedder embedder, EmbeddingStore store, IVectorSearch search, WorkOptions work)
{
    /// <summary>The side of the squashed picture that a decoder is asked for; 0 for none.</summary>
    public int SquashSide => embedder.IsImmediate && work.Stages.HasFlag(WorkedStages.Embedding) ? embedder.InputSide : 0;

    /// <summary>Null for what has no picture, and where the embedder wants batches.</summary>
    public float[]? OfOrNull(PictureRendition? thumbnail)
    {
        if (SquashSide == 0 || thumbnail?.Squashed is not { } pixels)
            return null;
        var vector = new float[embedder.Space.Dimensions];
        embedder.Embed(pixels, 1, vector);
        return vector;
    }

    /// <summary>Whether the asset has one already.</summary>
    public bool Has(long assetId) => store.Has(assetId);

    /// <summary>Stores the vector of an asset with its other facts; searches know of it after the commit.</summary>
    public void Write(WriteTransaction transaction, Claim claim, float[] vector)
    {
        store.Write(transaction, claim.AssetId, vector);
        transaction.Together<(long, long, float[])>(TellAfterCommit, (claim.LibraryId, claim.AssetId, vector));
    }

    private void TellAfterCommit(WriteTransaction transaction, IReadOnlyList<(long LibraryId, long AssetId, float[] Vector)> written)
    {
        foreach (var library in written.GroupBy(one => one.LibraryId))
        {
            long[] ids = [.. library.Select(one => one.AssetId)];
            float[] vectors = [.. library.SelectMany(one => one.Vector)];
            transaction.AfterCommit(() => search.Add(library.Key, ids, vectors));
        }
    }
}
