namespace Vitrine.Embeddings;

/// <summary>Turns small pictures into vectors that similarity compares.</summary>
/// <remarks>
/// Implementations are thread-safe. They are synchronous and take milliseconds to seconds per batch: call them from a worker, never from a
/// request.
/// </remarks>
public interface IEmbedder
{
    /// <summary>The space of the vectors; constant for the life of the embedder.</summary>
    EmbeddingSpace Space { get; }

    /// <summary>Pictures are squashed (aspect ratio not kept) to this many pixels on both sides, transparent parts over a plain background.</summary>
    int InputSide { get; }

    /// <summary>
    /// Whether a picture takes well under a millisecond, alone as in a batch, and is small enough to be taken from what phase 2 has decoded: then
    /// the asset is embedded while it is read. Otherwise phase 3 embeds thumbnails in batches.
    /// </summary>
    bool IsImmediate { get; }

    /// <summary>The number of pictures per call at which the embedder is fastest; any number from 0 is accepted.</summary>
    int PreferredBatch { get; }

    /// <summary>Embeds a batch. The same pixels always give the same vector, whatever else is in the batch.</summary>
    /// <param name="pixels">sRGB, 8 bits a channel, row-major, picture after picture: count × <see cref="InputSide"/> × <see cref="InputSide"/> × 3 bytes.</param>
    /// <param name="count">Pictures in the batch.</param>
    /// <param name="vectors">Receives count × dimensions floats, each vector of unit length.</param>
    /// <exception cref="ArgumentException">A span does not have exactly the length that <paramref name="count"/> asks for.</exception>
    void Embed(ReadOnlySpan<byte> pixels, int count, Span<float> vectors);
}
