using System.ComponentModel.DataAnnotations;

namespace Vitrine.Indexing;

/// <summary>How folders are indexed.</summary>
public sealed record IndexingOptions
{
    /// <summary>Directories read at the same time in phase 1; 0 means one per core.</summary>
    [Range(0, 64)]
    public int ScanReaders { get; init; }

    /// <summary>How long a shutdown waits for work in flight before it is handed back.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Directories, or files whose move is confirmed, read at the same time.</summary>
    internal int Readers => ScanReaders > 0 ? ScanReaders : Environment.ProcessorCount;
}
