namespace Vitrine.Embeddings;

/// <summary>A space vectors live in. Only vectors of one space can be compared.</summary>
/// <param name="Name">Stable and unique, with a version that changes whenever the same picture would give another vector, e.g. <c>visual-descriptor-1</c>.</param>
/// <param name="Dimensions">Length of every vector in the space, at least 1.</param>
public sealed record EmbeddingSpace(string Name, int Dimensions);
