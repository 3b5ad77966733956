using Vitrine.Decoding;
using Vitrine.Indexing;
using Vitrine.Indexing.Watching;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine;

/// <summary>What the engine is told at its start. Every option is described in docs/configuration.md.</summary>
public sealed record VitrineOptions
{
    /// <summary>Where the database, thumbnails and token are kept; made when it is missing.</summary>
    public required string DataFolder { get; init; }

    /// <summary>How PostgreSQL is reached, as Npgsql reads it; null for the embedded database. It may hold a password.</summary>
    public string? Database { get; init; }

    /// <summary>Where thumbnails and previews are kept: a folder that all processes see, or <c>s3://bucket/prefix</c>; null for the data folder.</summary>
    public string? Derived { get; init; }

    /// <summary>The URL of an S3-compatible store; null for Amazon's own.</summary>
    public string? DerivedEndpoint { get; init; }

    /// <summary>The folders that hold what Vitrine made, links resolved: no picture in them belongs to a library.</summary>
    internal IReadOnlyList<string> OwnFolders => Derived is { } derived && !derived.Contains("://", StringComparison.Ordinal)
        ? [RealPath.Of(DataFolder), RealPath.Of(derived)]
        : [RealPath.Of(DataFolder)];

    /// <summary>Where this machine sees the folders of the libraries, each <c>STORED=HERE</c>.</summary>
    public IReadOnlyList<string> RootMap { get; init; } = [];

    public WorkOptions Work { get; init; } = new();

    public DecoderOptions Decoding { get; init; } = new();

    public IndexingOptions Indexing { get; init; } = new();

    public WatchOptions Watching { get; init; } = new();
}
