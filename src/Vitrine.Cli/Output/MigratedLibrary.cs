using Vitrine.Transfer;

namespace Vitrine.Cli.Output;

/// <summary>One library of a <see cref="MigrateSummary"/>.</summary>
/// <param name="LibraryId">In the target.</param>
/// <param name="OldId">In the data folder.</param>
/// <param name="WasThere">Whether an earlier run had moved it.</param>
/// <param name="HasChanged">Whether it has changed in the data folder since.</param>
/// <param name="WentOn">Files that an earlier run, broken off, had copied.</param>
/// <param name="Rows">Per table; empty where nothing was to do.</param>
/// <param name="KeptCategories">Tags that the target has in another category.</param>
internal sealed record MigratedLibrary(
    string LibraryId,
    string OldId,
    string Name,
    string Path,
    bool WasThere,
    bool HasChanged,
    long Assets,
    long WentOn,
    IReadOnlyDictionary<string, long> Rows,
    IReadOnlyList<string> KeptCategories)
{
    public static MigratedLibrary Of(TransferredLibrary library) => new(
        $"{library.LibraryId}", $"{library.Source.Id}", library.Source.Name, library.Source.Path, library.WasThere, library.HasChanged, library.Source.Assets,
        library.WentOn, library.Rows, library.Categories);
}
