namespace Vitrine.Benchmarks.Rows;

/// <summary>What one asset costs on PostgreSQL, measured; docs/scaling.md is computed from it.</summary>
internal sealed record AssetCosts
{
    /// <summary>How many assets the database had.</summary>
    public required int Assets { get; init; }

    /// <summary>How many photographs were worked on, and their mean size.</summary>
    public required (int Count, double Megabytes) Photographs { get; init; }

    public required StageCost Scan { get; init; }

    public required StageCost Metadata { get; init; }

    public required StageCost Embedding { get; init; }

    /// <summary>Bytes of each table with its indexes, per asset, after the import as it was; and of all of them when they are written anew.</summary>
    public required (IReadOnlyList<(string Table, double Heap, double Indexes)> Tables, double Rewritten) Database { get; init; }

    /// <summary>Bytes of a thumbnail, and of the disk for it.</summary>
    public required (double Length, double OnDisk) Thumbnail { get; init; }

    public required MemoryCost Memory { get; init; }

    /// <summary>Milliseconds of one question for similar assets, over all.</summary>
    public required double SimilarMilliseconds { get; init; }

    /// <summary>Of all assets.</summary>
    public required (double DumpMilliseconds, double DumpBytes, double RestoreMilliseconds) Backup { get; init; }

    /// <summary>Milliseconds of a scan that finds nothing new.</summary>
    public required double RescanMilliseconds { get; init; }

    /// <summary>Messages per second from four connections to one that listens.</summary>
    public required double Notifications { get; init; }

    public double DatabaseBytes => Database.Tables.Sum(table => table.Heap + table.Indexes);

    /// <param name="Wall">Microseconds from start to end per asset, on this machine.</param>
    /// <param name="Decoders">Microseconds of CPU per asset.</param>
    /// <param name="Process">Of the server that scans, or the worker.</param>
    /// <param name="Database">Of PostgreSQL.</param>
    /// <param name="Log">Bytes that PostgreSQL wrote to its log.</param>
    internal sealed record StageCost(double Wall, double Decoders, double Process, double Database, double Log)
    {
        public double Processor => Decoders + Process + Database;
    }

    /// <summary>Of a server, in bytes.</summary>
    /// <param name="Empty">With no assets.</param>
    /// <param name="Browsed">Per asset, after pages in four orders.</param>
    /// <param name="Compared">Per asset more, after a question for similar ones.</param>
    internal sealed record MemoryCost(double Empty, double Browsed, double Compared);
}
