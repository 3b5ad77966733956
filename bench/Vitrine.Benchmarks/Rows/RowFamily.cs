using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>Rows of the table that come from one setting.</summary>
/// <param name="Name">How the command line calls them.</param>
internal sealed record RowFamily(string Name, Func<BenchRun, Task<IReadOnlyList<Figure>>> MeasureAsync)
{
    /// <summary>In the order of the table.</summary>
    public static IReadOnlyList<RowFamily> All { get; } =
    [
        new("first-answers", FirstAnswers.MeasureAsync),
        new("scan", Scans.MeasureAsync),
        new("metadata", MetadataRate.MeasureAsync),
        new("import", WholeImport.MeasureAsync),
        new("embedding", EmbeddingRate.MeasureAsync),
        new("priorities", Priorities.MeasureAsync),
        new("mass-changes", MassChanges.MeasureAsync),
        new("grid", GridPages.MeasureAsync),
        new("caches", CachedReads.MeasureAsync),
        new("screen", ScreenAnswers.MeasureAsync),
        new("memory", Memory.MeasureAsync),
        new("restart", Restart.MeasureAsync),
        new("before-after", BeforeAndAfter.MeasureAsync),
        new("machines-claims", MachinesClaims.MeasureAsync),
        new("machines-scan", MachinesScan.MeasureAsync),
        new("machines-announcements", MachinesAnnouncements.MeasureAsync),
        new("machines-metadata", MachinesMetadata.MeasureAsync),
        new("machines-cost", MachinesCost.MeasureAsync),
    ];
}
