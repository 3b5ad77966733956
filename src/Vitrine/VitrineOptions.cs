using Vitrine.Decoding;
using Vitrine.Indexing;
using Vitrine.Indexing.Watching;

namespace Vitrine;

/// <summary>What the engine is told at its start. Every option is described in docs/configuration.md.</summary>
public sealed record VitrineOptions
{
    /// <summary>Where the database, thumbnails and token are kept; made when it is missing.</summary>
    public required string DataFolder { get; init; }

    public DecoderOptions Decoding { get; init; } = new();

    public IndexingOptions Indexing { get; init; } = new();

    public WatchOptions Watching { get; init; } = new();
}
