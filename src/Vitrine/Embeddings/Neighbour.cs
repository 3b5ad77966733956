namespace Vitrine.Embeddings;

/// <summary>An asset found near a query.</summary>
/// <param name="AssetId">The asset.</param>
/// <param name="Similarity">Cosine of the angle between the vectors, -1 to 1; 1 is the same direction.</param>
public readonly record struct Neighbour(long AssetId, float Similarity);
