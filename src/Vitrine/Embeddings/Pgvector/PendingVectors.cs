namespace Vitrine.Embeddings.Pgvector;

/// <summary>A library's vectors that are being copied to where pgvector searches.</summary>
/// <param name="CopiedTo">The asset up to which they were.</param>
/// <param name="Copied">How many were.</param>
internal sealed record PendingVectors(long SpaceId, long LibraryId, long CopiedTo, long Copied)
{
    public string Table => VectorTables.Name(SpaceId, LibraryId);
}
