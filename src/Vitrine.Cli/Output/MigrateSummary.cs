using Vitrine.Cli.Progress;
using Vitrine.Transfer;

namespace Vitrine.Cli.Output;

/// <summary>What <c>vitrine migrate</c> did.</summary>
/// <param name="Target">Database and host; no password.</param>
/// <param name="NothingLeft">Whether all of it was there before.</param>
/// <param name="Derived">Null when no place for thumbnails was given.</param>
internal sealed record MigrateSummary(string DataFolder, string Target, bool NothingLeft, double Seconds, IReadOnlyList<MigratedLibrary> Libraries, TransferredFiles? Derived)
{
    public static MigrateSummary Of(string dataFolder, string target, IReadOnlyList<TransferredLibrary> libraries, TransferredFiles? derived, double seconds) => new(
        dataFolder,
        target,
        libraries.All(library => library.WasThere) && (derived?.Copied ?? 0) == 0,
        Math.Round(seconds, 1),
        [.. libraries.Select(MigratedLibrary.Of)],
        derived);

    public void Print(bool json)
    {
        if (json)
            CliJson.Print(this, CliJson.Writable.MigrateSummary);
        else
            PrintForPeople();
    }

    private void PrintForPeople()
    {
        foreach (var library in Libraries)
            PrintLibrary(library);
        if (Derived is { } files)
        {
            Console.WriteLine($"{files.Copied:N0} thumbnails and previews ({files.Bytes / 1048576.0:N1} MiB) copied to {files.Place}, {files.Present:N0} were there.");
            if (files.Missing > 0)
                Console.WriteLine($"{files.Missing:N0} thumbnails are not in the data folder: they are made again when somebody looks at them.");
        }

        Console.WriteLine(Libraries.Count == 0 ? "The data folder has no library: there is nothing to move." : NothingLeft ? "Nothing was left to do." : $"Done in {ProgressText.Duration(Seconds)}.");
        if (Libraries.Count == 0)
            return;
        if (Derived is null)
            Console.WriteLine($"Thumbnails stay in {DataFolder}: what is missing elsewhere is made again when it is looked at. With --derived PLACE the same command copies them.");
        Console.WriteLine($"Next: 'vitrine serve --database …' (or $VITRINE_DATABASE) with {Target}{(Derived is { } shared ? $" and --derived {shared.Place}" : "")}.");
        Console.WriteLine($"{DataFolder} was not changed and is the way back; when all is well there, it can be removed.");
    }

    private static void PrintLibrary(MigratedLibrary library)
    {
        if (library.WasThere)
        {
            Console.WriteLine($"{library.Name}: was moved before, as library {library.LibraryId}.");
            if (library.HasChanged)
                Console.WriteLine($"{library.Name}: has changed in the data folder since; these changes are not in the target. Scan it there, or forget it there and move it again.");
            return;
        }

        var rest = library.Rows.Where(table => table.Value > 0 && table.Key is not ("assets" or "libraries")).Select(table => $"{table.Value:N0} {table.Key.Replace('_', ' ')}");
        Console.WriteLine(
            $"{library.Name}: {library.Assets:N0} files moved as library {library.LibraryId}, with {string.Join(", ", rest)}. Checked: counts, counters and content hashes agree.");
        if (library.WentOn > 0)
            Console.WriteLine($"{library.Name}: {library.WentOn:N0} of them had been copied by an earlier run.");
        if (library.KeptCategories.Count > 0)
            Console.WriteLine($"{library.Name}: {library.KeptCategories.Count:N0} tags keep the category that they have there: {string.Join(", ", library.KeptCategories.Take(10))}.");
    }
}
