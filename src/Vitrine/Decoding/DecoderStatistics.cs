namespace Vitrine.Decoding;

/// <summary>What the pool has done so far.</summary>
/// <param name="Processes">Decoders alive now.</param>
/// <param name="Starts">Decoders that were started, or were tried to.</param>
/// <param name="Restarts">Decoders that died or were killed.</param>
/// <param name="Recycled">Decoders that were replaced in good health.</param>
/// <param name="Items">Files that were answered.</param>
/// <param name="Waiting">Requests that no decoder has taken yet.</param>
/// <param name="ResidentBytes">Memory of each living decoder, as of its last answer.</param>
/// <param name="LibraryVersion">libvips in the decoders; null before the first was started.</param>
public sealed record DecoderStatistics(
    int Processes, long Starts, long Restarts, long Recycled, long Items, int Waiting, IReadOnlyList<long> ResidentBytes, string? LibraryVersion);
