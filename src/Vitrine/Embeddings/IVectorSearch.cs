using Vitrine.Caching;

namespace Vitrine.Embeddings;

/// <summary>
/// The vectors of one space, searched library by library: in the memory of this process, or by the database where it can. Which of the two it
/// is changes neither the order of an answer nor what a change does to the next one.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public interface IVectorSearch : IDisposable
{
    EmbeddingSpace Space { get; }

    /// <summary>How it searches, for a person: <c>exact scan, 1,234 vectors in memory</c>.</summary>
    string Method { get; }

    /// <summary>Vectors in memory, over all libraries; 0 where the database searches.</summary>
    int Loaded { get; }

    /// <summary>The figures of each library's vectors, by name.</summary>
    IReadOnlyList<SnapshotStatistics> Statistics { get; }

    /// <summary>Libraries whose vectors are being read or copied now, and how many were so far: answers about them do not cover all.</summary>
    /// <exception cref="Storage.DatabaseUnavailableException">It cannot be asked.</exception>
    IReadOnlyList<(long LibraryId, int SoFar)> Loading { get; }

    /// <summary>Libraries whose vectors could not be read, and why; the next question about one tries again.</summary>
    IReadOnlyList<(long LibraryId, string Reason)> Failed { get; }

    /// <summary>
    /// The assets of a library whose vectors are nearest to one, and how many vectors they were chosen from: not all, while they are still
    /// being read after a moment of waiting.
    /// </summary>
    /// <param name="vector">Finite, of unit length, in <see cref="Space"/>.</param>
    /// <param name="count">At most this many, at least 0.</param>
    /// <returns>Highest similarity first; at the same similarity the lower id first. None for a library that has no vectors or is unknown.</returns>
    /// <exception cref="ArgumentException">The vector has another number of dimensions, or a component that is not a number.</exception>
    /// <exception cref="Storage.DatabaseUnavailableException">The vectors cannot be read; the next question tries again.</exception>
    Task<(IReadOnlyList<Neighbour> Neighbours, int Compared)> NearestAsync(
        long libraryId, ReadOnlyMemory<float> vector, int count, CancellationToken cancellationToken);

    /// <summary>Tells of vectors that have just been committed, here and in every other process.</summary>
    /// <param name="vectors">One unit vector after another, in the order of the ids.</param>
    void Add(long libraryId, ReadOnlySpan<long> assetIds, ReadOnlySpan<float> vectors);
}
